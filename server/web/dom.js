/* dom.js - elements out of words. All text goes in as text nodes: nothing that
 * comes from data is ever read as markup. */

/** h('a.code', {href, onclick}, child, [children], 'text', null): an element
 * with classes, perhaps properties, and what stands in it. */
export function h(name, ...children) {
	const [tag, ...classes] = name.split('.');
	const element = document.createElement(tag);
	const props = children[0]?.constructor === Object ? children.shift() : {};

	if (tag === 'button') element.type = 'button';
	if (classes.length > 0) element.className = classes.join(' ');
	for (const [key, value] of Object.entries(props)) {
		if (value == null || value === false) continue;
		if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
		else if (key === 'value') element.value = value;
		else if (key === 'data') Object.assign(element.dataset, value);
		else element.setAttribute(key, value === true ? '' : value);
	}
	add(element, children);
	return element;
}

/** Appends nodes, texts and nested lists of them; leaves out null and false. */
export function add(element, ...children) {
	for (const child of children.flat(Infinity))
		if (child != null && child !== false && child !== true)
			element.append(child instanceof Node ? child : String(child));
	return element;
}

export function replace(element, ...children) {
	element.replaceChildren();
	return add(element, ...children);
}

export const $ = (selector, within = document) => within.querySelector(selector);

let number = 0;
/** An id that no other element has. */
const newId = (name) => `${name}-${++number}`;

/** A section with a heading that names it. */
export function section(title, props, ...children) {
	const id = newId('h');
	return h('section', { ...props, 'aria-labelledby': id },
		h('h2', { id }, title), children);
}

/** A list of names and values; rows whose value is null are left out. */
export function facts(rows, props) {
	const kept = rows.filter((row) => row && row[1] != null && row[1] !== '');
	return kept.length === 0 ? null : h('dl.facts', { ...props },
		kept.map(([name, value]) => h('div', h('dt', name), h('dd', value))));
}

/** A mark that stands beside a word: screen readers hear the word. */
export const sign = (mark) => h('span.sign', { 'aria-hidden': 'true' }, mark);
export const trouble = (...children) => h('p.problem', { role: 'alert' }, children);
export const retry = (text, onclick) => trouble(text, ' ', h('button', { onclick }, 'Try again'));
/** A part that may scroll by itself, so that the page need not. */
export const scroller = (label, ...children) => h('div.scroller', { role: 'group', tabindex: '0', 'aria-label': label }, children);
export const columnHead = (name, kind) => h('th', { scope: 'col', class: kind }, name);
export const rowHead = (...children) => h('th', { scope: 'row' }, children);
/** A table out of heads and rows that are made already. */
export const grid = (kind, caption, heads, rows, foot) => h(`table.${kind}`,
	h('caption.unseen', caption), h('thead', h('tr', heads)), h('tbody', rows), foot);

/** A label with a list to choose from. options: {value: text} */
export const choice = (label, options, value, onPick, id = label) => h('label', label, ' ',
	h('select', { 'data-field': id, onchange: (event) => onPick(event.target.value) },
		Object.entries(options).map(([one, text]) => h('option', { value: one, selected: one === String(value) }, text))));

/** Codes are no prose: nothing is to be completed or corrected. */
export const AS_TYPED = { autocomplete: 'off', spellcheck: 'false' };

/** What stands behind a line until that is clicked. */
export const fold = (text, ...children) => h('details', h('summary', text), children);

/** A link to the publisher's own page, where one is known. */
export const outside = (href, text) => href ? h('a', { href, rel: 'noreferrer' }, text) : text;

/** A button that takes something away. */
export const cross = (label, onclick) => h('button.quiet.remove', { 'aria-label': label, title: label, onclick }, '×');

/** Says something to a screen reader, without showing it. */
export function say(text) {
	const place = $('#said');
	if (place) place.textContent = text;
}

/** Hands a file to the person. */
export function download(name, type, text) {
	const url = URL.createObjectURL(new Blob([text], { type }));
	const link = h('a', { href: url, download: name, hidden: true });
	document.body.append(link);
	link.click();
	link.remove();
	setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** Copies text; true when it worked. */
export async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch { /* plain http on another machine has no clipboard */ }
	const box = h('textarea.unseen', { 'aria-hidden': 'true' });
	box.value = text;
	document.body.append(box);
	box.select();
	const done = document.execCommand('copy');
	box.remove();
	return done;
}
