/* lines.js - the lines of a question on several codes, to be changed where they
 * stand, and the ways to look at them: together, in units, with a diagnosis. */
import { h, choice, columnHead, cross, trouble, AS_TYPED } from './dom.js';
import { ask } from './ask.js';
import { to, keep, theDate } from './place.js';
import { isDiagnosis, isProcedure, readSet, setParams, understand, LINES_MAX } from './parse.js';

const VIEWS = [['pairs', 'Together'], ['units', 'Units'], ['necessity', 'With a diagnosis'], ['claim', 'Whole claim']];

function sides(view, set, extra = {}) {
	return h('nav.sides', { 'aria-label': 'Look at these codes' }, VIEWS.map(([name, text]) =>
		h('a', { href: to(name, { ...setParams(set), ...(name === view ? extra : {}) }), 'aria-current': name === view ? 'page' : null }, text)));
}

/* change(set, field): the same question with other lines; the caret goes back to
 * the field. */
const changer = (go, view, extra) => async (set, field, more) => {
	await go(to(view, { ...setParams(set), ...extra, ...more }), 'push', { focus: false, scroll: scrollY });
	backTo(field);
};

/** An input that tells when it is done: Enter, or leaving it changed. */
export function field({ label, value, size = 6, onDone, inputmode, pattern, placeholder, id }) {
	const input = h('input', {
		value, size, 'aria-label': label, ...AS_TYPED, inputmode, pattern, placeholder, class: 'inline', 'data-field': id,
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

const whole = (name) => ({
	size: 4, inputmode: 'numeric', show: (line) => line[name] ?? '',
	read: (text) => /^\d{0,4}$/.test(text) ? { [name]: text === '' ? null : Number(text) } : null,
});
/* What may be written on a line: how it is shown, and read. */
const FIELDS = {
	modifiers: {
		size: 8, show: (line) => line.modifiers.join(' '),
		read: (text) => ({ modifiers: [...new Set(text.toUpperCase().split(/[^0-9A-Z]+/).filter(Boolean))].slice(0, 4) }),
	},
	minutes: whole('minutes'), units: whole('units'),
	/* "AB" and "1 2" point to the first two diagnoses of the claim. */
	pointers: {
		size: 4, show: (line) => (line.pointers ?? []).map((n) => String.fromCharCode(64 + n)).join(''),
		read: (text) => /^[\sA-L1-9,+]*$/i.test(text) ? { pointers: [...text.toUpperCase().replace(/[^A-L1-9]/g, '')].map((c) => c > '9' ? c.charCodeAt(0) - 64 : Number(c)).slice(0, 4) } : null,
	},
};

export const withLine = (set, i, part) => ({ ...set, lines: set.lines.map((line, j) => i === j ? { ...line, ...part } : line) });

/** A field of line i that changes the question when it is done. */
export function lineField(name, set, i, change, placeholder = '–') {
	const { size, inputmode, show, read } = FIELDS[name];
	const line = set.lines[i];
	return field({
		label: `${name[0].toUpperCase()}${name.slice(1)} of ${line.code}, line ${i + 1}`, value: show(line), size, inputmode, placeholder, id: `${name}-${i}`,
		onDone: (text, input) => {
			const part = read(text);
			if (part) change(withLine(set, i, part), `${name}-${i}`);
			else refuse(input, name === 'pointers' ? 'Write letters of diagnoses, such as AB.' : 'Write a whole number, such as 24.');
		},
	});
}

function refuse(input, why) {
	input.setCustomValidity(why);
	input.reportValidity();
	input.addEventListener('input', () => input.setCustomValidity(''), { once: true });
}

const STATES = ('AK AL AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MP MS MT NC ND NE NH NJ NM NV NY OH OK ' +
	'OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY').split(' ');

/** The kind of claim that a setting usually bills. */
export const USUAL = { practitioner: 'b', outpatient: 'a', dme: 'dme' };

/** The state of the practice: chosen once, it goes with every question on coverage. */
export const stateChoice = (state, onPick) => choice('State', { '': 'any', ...Object.fromEntries([...STATES, state].filter(Boolean).map((one) => [one, one])) },
	state, (value) => onPick(keep('state', value)), 'state');

/** Puts the texts of codes beside them, a moment later: a coder knows most of
 * them. Elements with data-code wait for them. */
export async function describe(node, lines, signal) {
	const answer = await ask('/v1/codes', { codes: [...new Set(lines.map((line) => line.code))].join(','), date: theDate() }, signal).catch(() => ({ items: [] }));
	const texts = new Map(answer.items.map((item) => [item.code, item.text]));
	for (const place of node.querySelectorAll('[data-code]'))
		if (texts.get(place.dataset.code)) place.textContent = `${texts.get(place.dataset.code)} `;
}

/* One more line, or several: takes whatever the box takes. */
function adder(set, change) {
	const full = set.lines.length >= LINES_MAX;
	return h('form', {
		class: 'adder', onsubmit(event) {
			event.preventDefault();
			const input = event.target.elements.code;
			const said = understand(input.value);
			if (said.lines.length === 0) {
				refuse(input, 'Write a code, such as 97140 or 97140-59.');
				return;
			}
			change({
				lines: [...set.lines, ...said.lines.filter(isProcedure)].slice(0, LINES_MAX),
				dx: [...new Set([...set.dx, ...said.lines.filter(isDiagnosis).map((line) => line.code)])],
			}, 'add');
		},
	}, h('input', {
		name: 'code', size: '12', 'aria-label': 'Add a code', placeholder: full ? `${LINES_MAX} is the most` : 'Add a code',
		disabled: full, ...AS_TYPED, class: 'inline', 'data-field': 'add',
	}), h('button', { type: 'submit', disabled: full }, 'Add'));
}

/** The last column of lines: takes one away. */
export const removeHead = () => columnHead(h('span.unseen', 'Remove'), 'noprint');
export const remover = (set, index, change) => h('td.noprint', cross(`Remove ${set.lines[index].code}`,
	() => change({ ...set, lines: set.lines.filter((_, i) => i !== index) }, 'add')));

/** What the views of lines begin with: the lines that the page shows of an
 * address and those left out, the ways to look at them and the field for more. */
export function begin({ place, go }, view, extra) {
	const set = readSet(place.params);
	const left = set.lines.splice(LINES_MAX);
	const change = changer(go, view, extra);
	return {
		set, change, codes: set.lines.map((line) => line.code).join(' '), sides: sides(view, set, extra), adder: adder(set, change),
		left: left.length > 0 && trouble(`The page shows ${LINES_MAX} lines at a time. Left out: ${left.map((line) => line.code).join(' ')}`),
	};
}

/** After a change the page is made anew: puts the caret back where it was. */
export const backTo = (id) => document.querySelector(`#main [data-field="${CSS.escape(id)}"]`)?.focus();
