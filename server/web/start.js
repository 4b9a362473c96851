/* start.js - the first page, and "my codes". */
import { h, $, cross, replace, download, say } from './dom.js';
import { to, toCode, isApart } from './place.js';
import { mine, unpin, annotate, exported, imported, onMine } from './mine.js';
import { muted, plural, systemName } from './words.js';
import { column, csvButton } from './table.js';
import { LINES_MAX } from './parse.js';

const EXAMPLES = [
	['gait training', 'words', () => to('search', { q: 'gait training' })],
	['97110', 'one code: everything known', () => toCode('97110')],
	['97530 97116-59', 'several: may they stand together?', () => to('pairs', { codes: '97530,97116:59' })],
	['97110 24 min, 97140 15 min', 'minutes: how many units?', () => to('units', { codes: '97110,97140', minutes: '97110:24,97140:15' })],
	['97110 M54.50', 'a diagnosis: does it support?', () => to('necessity', { codes: '97110', icd10: 'M54.50' })],
	['97110-GP x2, 97150-GP, M54.50', 'a whole claim: what will be denied?', () => to('claim', { codes: '97110:GP,97150:GP', units: '97110:2', icd10: 'M54.50' })],
	['97010-97799', 'a range', () => to('search', { q: '97010-97799' })],
];

const COLUMNS = ['code', 'system', 'text', 'note'].map((name) => column(name, name));

function pins(short) {
	const codes = mine();
	if (codes.length === 0) return short ? null : h('p', 'None yet. Pin a code on its card; it stays in this browser, and goes nowhere else.');
	return h('ul.pins', codes.map((one) => h('li', {},
		h('a', { href: toCode(one.code, one.system) }, h('b.code', one.code), ' ', h('span.text', one.text)),
		short ? one.note && muted(' ', one.note) : [
			h('span.system', ' ', systemName(one.system)),
			h('input.inline', { value: one.note, placeholder: 'Note', 'aria-label': `Note on ${one.code}`, maxlength: '2000', onchange: (event) => annotate(one.code, one.system, event.target.value) }),
			cross(`Unpin ${one.code}`, () => unpin(one.code, one.system))])));
}

export async function showStart() {
	return {
		title: 'Codes', said: '',
		node: h('div.start',
			h('h1.unseen', 'Look up codes'),
			h('section', { 'aria-label': 'What the box takes' }, h('h2', 'The box takes words, codes, or anything pasted'),
				h('ul.examples', EXAMPLES.map(([text, means, href]) => h('li', h('a', { href: href() }, text), ' ', muted(means))))),
			h('section', { 'aria-label': 'My codes' }, mine().length > 0 && h('h2', 'My codes'), pins(true)),
			h('section', { 'aria-label': 'Keys' }, h('h2', 'Keys'), h('p.muted', h('kbd', '/'), ' to the box · ', h('kbd', '↓'), ' ', h('kbd', '↑'), ' through results and the matrix · ',
				h('kbd', 'Enter'), ' opens · ', h('kbd', 'Esc'), ' empties the box'))),
	};
}

export async function showMine({ signal }) {
	const list = h('div');
	const message = h('p.muted', { role: 'status' });
	const draw = () => {
		replace(list, pins(false));
		const procedures = mine().filter((one) => !isApart(one.system)).slice(0, LINES_MAX);
		together.hidden = procedures.length < 2;
		together.href = to('pairs', { codes: procedures.map((one) => one.code).join() });
	};
	const together = h('a.button', 'Check them together');
	const file = h('input', {
		type: 'file', accept: '.json,application/json', class: 'unseen', id: 'import', 'aria-label': 'Import codes from a file', async onchange() {
			if (!file.files[0]) return;
			try {
				const { added, changed, refused } = imported(await file.files[0].text());
				message.textContent = `${plural(added, 'code')} added, ${changed} changed${refused > 0 ? `, ${refused} left out` : ''}.`;
			} catch (problem) {
				message.textContent = problem.message;
			}
			file.value = '';
			say(message.textContent);
		},
	});
	draw();
	const stop = onMine(() => {
		/* A note being written keeps its caret. */
		if (!$('.pins input:focus', list)) draw();
	});
	signal.addEventListener('abort', stop);
	return {
		title: 'My codes', said: plural(mine().length, 'code'),
		node: h('div.mine', h('h1', 'My codes'), h('p.muted', 'Kept in this browser only: not on the server, not on another machine. Export them to take them along.'),
			h('div.tablebar',
				h('button', { onclick: () => download('coderef-codes.json', 'application/json', exported()) }, 'Export'),
				h('button', { onclick: () => file.click() }, 'Import'), file, together,
				h('a.button', { href: to('changes', { mine: 1 }) }, 'What changed for them'), h('span.gap'), csvButton('my-codes', COLUMNS, () => mine())),
			message, list),
	};
}
