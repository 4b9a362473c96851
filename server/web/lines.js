/* lines.js - the lines of a question on several codes, to be changed where they
 * stand, and the ways to look at them: together, in units, with a diagnosis. */
import { h } from './dom.js';
import { to } from './place.js';
import { setParams, understand, LINES_MAX } from './parse.js';

const VIEWS = [['pairs', 'Together'], ['units', 'Units'], ['necessity', 'With a diagnosis']];

export function sides(view, set, extra = {}) {
	return h('nav.sides', { 'aria-label': 'Look at these codes' }, VIEWS.map(([name, text]) =>
		h('a', { href: to(name, { ...setParams(set), ...(name === view ? extra : {}) }), 'aria-current': name === view ? 'page' : null }, text)));
}

/** change(set, field): the same question with other lines; the caret goes back
 * to the field. */
export const changer = (go, view, extra) => async (set, field, more) => {
	await go(to(view, { ...setParams(set), ...extra, ...more }), 'push', { focus: false, scroll: scrollY });
	backTo(field);
};

/** An input that tells when it is done: Enter, or leaving it changed. */
export function field({ label, value, size = 6, onDone, inputmode, pattern, placeholder, id }) {
	const input = h('input', {
		value, size, 'aria-label': label, autocomplete: 'off', spellcheck: 'false', inputmode, pattern, placeholder, class: 'inline', 'data-field': id,
	});
	let last = input.value;
	const done = () => {
		if (input.value === last) return;
		last = input.value;
		onDone(input.value.trim(), input);
	};
	input.addEventListener('change', done);
	input.addEventListener('keydown', (event) => { if (event.key === 'Enter') { event.preventDefault(); done(); } });
	return input;
}

/** "59 gp" -> ["59", "GP"] */
export const readModifiers = (text) => [...new Set(text.toUpperCase().split(/[^0-9A-Z]+/).filter(Boolean))].slice(0, 4);

/** One more line, or several: takes whatever the box takes. */
export function adder(set, change) {
	const full = set.lines.length >= LINES_MAX;
	return h('form', {
		class: 'adder', onsubmit(event) {
			event.preventDefault();
			const input = event.target.elements.code;
			const said = understand(input.value);
			if (said.lines.length === 0) {
				input.setCustomValidity('Write a code, such as 97140 or 97140-59.');
				input.reportValidity();
				input.addEventListener('input', () => input.setCustomValidity(''), { once: true });
				return;
			}
			const procedures = said.lines.filter((line) => line.shape !== 'diagnosis');
			change({
				lines: [...set.lines, ...procedures.map(({ code, modifiers, units, minutes }) => ({ code, modifiers, units, minutes }))].slice(0, LINES_MAX),
				dx: [...new Set([...set.dx, ...said.lines.filter((line) => line.shape === 'diagnosis').map((line) => line.code)])],
			}, 'add');
		},
	}, h('input', {
		name: 'code', size: '12', 'aria-label': 'Add a code', placeholder: full ? `${LINES_MAX} is the most` : 'Add a code',
		disabled: full, autocomplete: 'off', spellcheck: 'false', class: 'inline', 'data-field': 'add',
	}), h('button', { type: 'submit', disabled: full }, 'Add'));
}

export const remover = (set, index, change) => h('button', {
	class: 'quiet remove', 'aria-label': `Remove ${set.lines[index].code}`, title: 'Remove this line',
	onclick: () => change({ ...set, lines: set.lines.filter((_, i) => i !== index) }, 'add'),
}, '×');

/** After a change the page is made anew: puts the caret back where it was. */
export const backTo = (id) => document.querySelector(`#main [data-field="${CSS.escape(id)}"]`)?.focus();
