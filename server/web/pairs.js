/* pairs.js - may these codes be billed together? A matrix of verdicts, the
 * reasons of one pair, and advice for the set. */
import { h, replace, facts, section, sign, trouble, scroller } from './dom.js';
import { ask } from './ask.js';
import { to, asOf, SETTINGS } from './place.js';
import { readSet, LINES_MAX } from './parse.js';
import { VERDICT, WORST, codeLink, verdict, badge, day, span, source, plural, noteText, INDICATOR, EDIT_STATE, muted } from './words.js';
import { changer, sides, lineField, withLine, describe, adder, remover, backTo } from './lines.js';
import { column, dayColumn, table, SOURCE } from './table.js';

const PROBLEM = {
	bad_syntax: 'not a procedure code', unknown_code: 'in none of the loaded releases', not_valid_on_date: 'not valid on this day',
};

function lineState(code) {
	if (code.problem) return badge('ended', PROBLEM[code.problem] ?? code.problem.replaceAll('_', ' '));
	if (code.valid === false) return badge('ended', 'not valid on this day');
	if (code.valid === null) return badge('unsure', 'validity not known');
	return code.evidence === 'stale' ? badge('stale', 'stale') : null;
}

/* What stands in a cell: the sign, and the modifier that opened the edit. */
function cell(answer, i, j, choose) {
	const at = answer.matrix[i][j];
	if (at === null) return h('td.self', h('span', { 'aria-hidden': 'true' }, '·'));
	const pair = answer.pairs[at.pair];
	const v = VERDICT[at.verdict] ?? { sign: '?', name: at.verdict };
	const a = answer.codes[i].code, b = answer.codes[j].code;
	const denied = pair.denied && (pair.denied === a ? 'row' : 'column');
	return h('td', { class: `verdict ${at.verdict}`, 'data-pair': at.pair },
		h('button', {
			tabindex: '-1', 'aria-pressed': 'false',
			'aria-label': `${a} with ${b}: ${v.name}${pair.bypass ? ` ${pair.bypass.modifier}` : ''}${pair.denied ? `, ${pair.denied} denied` : ''}`, title: `${a} with ${b}: ${v.name}`,
			onclick: () => choose(at.pair, true),
		}, sign(v.sign),
		pair.bypass && h('small', pair.bypass.modifier),
		denied && h('small', { 'aria-hidden': 'true', title: `${pair.denied} is denied` }, denied === 'row' ? '←' : '↑')));
}

/* Arrow keys walk through the matrix; one cell is in the tab order. */
function walk(grid) {
	const buttons = () => [...grid.querySelectorAll('td button')];
	const first = buttons()[0];
	if (first) first.tabIndex = 0;
	grid.addEventListener('keydown', (event) => {
		const td = event.target.closest('td.verdict');
		const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
		if (!td || !step) return;
		event.preventDefault();
		let row = td.parentElement, index = td.cellIndex;
		for (;;) {
			index += step[1];
			if (step[0] !== 0) row = step[0] > 0 ? row.nextElementSibling : row.previousElementSibling;
			const button = row?.cells[index]?.querySelector('td.verdict > button');
			if (button) {
				for (const one of buttons()) one.tabIndex = -1;
				button.tabIndex = 0;
				button.focus();
				return;
			}
			/* Over the diagonal; past an edge nothing moves. */
			if (!row || !row.cells[index] || row.cells[index].tagName !== 'TD' || !row.cells[index].classList.contains('self')) return;
		}
	});
}

function options(answer, number) {
	const found = answer.advice?.resolvable?.find((one) => one.pair === number);
	return found?.options ?? [];
}

/* The reason of one pair. */
function detail(answer, number, put) {
	const pair = answer.pairs[number];
	const [a, b] = pair.codes;
	const ways = options(answer, number);
	return [
		h('h2', { id: 'pair' }, codeLink(a), ' with ', codeLink(b)),
		h('p.big', verdict(pair.verdict)),
		h('p', pair.reason_text),
		pair.denied && h('p.lines', h('span.paid', 'Paid: ', h('b.code', pair.column1), ' (column 1)'), ' ',
			h('span.denied', 'Denied: ', h('b.code', pair.denied), ' (column 2)')),
		pair.notes?.length > 0 && h('ul.notes', pair.notes.map((note) => h('li', noteText(note)))),
		ways.length > 0 && h('div.ways', h('h3', 'Modifiers that this edit accepts'),
			ways.map((way) => h('p', 'on ', h('b.code', answer.codes[way.index].code), ` (line ${way.index + 1}, column ${way.column}): `,
				way.modifiers.map((modifier) => [h('button', {
					class: 'modifier', 'aria-label': `Try ${modifier} on ${way.code}, line ${way.index + 1}`, onclick: () => put(way.index, modifier),
				}, modifier), ' ']))),
			h('p.muted', 'A modifier states a fact of the record. It may stand only where the record bears it out.')),
		facts([
			pair.modifier_indicator != null && ['Modifier indicator', `${pair.modifier_indicator}: ${INDICATOR[pair.modifier_indicator] ?? ''}`],
			(pair.effective || pair.deleted) && ['The edit', [pair.effective || pair.deleted ? span(pair.effective, pair.deleted) : '', pair.effective_inferred && ' (first day inferred, not published)']],
			['NCCI’s reason', pair.rationale],
			pair.timeline?.text && ['All times', pair.timeline.text],
			pair.mue && ['Unit limit', `${pair.mue.value} ${pair.mue.mai === 1 ? 'a line' : 'a day'}`],
			pair.addon?.length > 0 && ['Add-on', pair.addon.map((one) => one.note === 'addon_of' ? `${one.addon} is an add-on of ${one.primary}. ` : `${one.addon} is an add-on, and the other is not one of its primaries. `)],
			...(pair.other_settings ?? []).map((other) => [SETTINGS[other.setting] ?? other.setting, [verdict(other.verdict), other.denied && ` ${other.denied} denied`]]),
		]),
		pair.stale && h('p', badge('stale', 'stale'), ' The loaded edits end before this day.'),
		source(pair.source, 'Row'),
		pair.history?.length > 0 && h('details', { open: pair.history.length <= 4 }, h('summary', plural(pair.history.length, 'row'), ' of this pair, all times'),
			h('ul', pair.history.map((edit) => h('li', h('b', EDIT_STATE[edit.state] ?? edit.state), ': ', h('span.code', edit.column1), ' paid, ',
				h('span.code', edit.column2), ' denied, ', INDICATOR[edit.modifier_indicator] ?? edit.modifier_indicator, '; ',
				edit.effective || edit.deleted ? span(edit.effective, edit.deleted) : 'from an unknown day', edit.effective && edit.effective_inferred && ' (inferred)',
				'. ', edit.rationale, source(edit.source, 'Row'))))),
	];
}

function advice(answer) {
	const a = answer.advice;
	if (!a?.text?.length) return null;
	return section('Advice for the set', { class: 'advice' }, h('ul', a.text.map((text) => h('li', text))));
}

const PAIR_COLUMNS = [
	{ name: 'Verdict', head: true, class: 'nowrap', text: (p) => VERDICT[p.verdict]?.name ?? p.verdict, cell: (p) => verdict(p.verdict) },
	{ name: 'Codes', class: 'code', text: (p) => p.codes.join(' ') }, column('Denied', 'denied', { class: 'code' }),
	column('Why', 'reason_text', { class: 'why' }), dayColumn('First day', 'effective'), ...SOURCE,
];

export async function show({ place, signal, go, amend }) {
	const set = readSet(place.params);
	const left = set.lines.slice(LINES_MAX).map((line) => line.code);
	const change = changer(go, 'pairs');
	set.lines = set.lines.slice(0, LINES_MAX);
	const tools = [sides('pairs', set), h('h1', set.lines.length < 2 ? 'Which codes together?' : `${set.lines.length} codes together`)];
	if (set.lines.length < 2) {
		return {
			title: 'Together', node: [tools, h('p', set.lines.length === 1 ? ['Billed with ', h('b.code', set.lines[0].code), ': '] : 'Name at least two procedure codes. '), adder(set, change)],
			shown: () => backTo('add'),
		};
	}
	const answer = await ask('/v1/pairs', {
		codes: set.lines.map((line) => [line.code, ...(line.modifiers.length ? [line.modifiers.join('+')] : [])].join(':')).join(','), ...asOf(),
	}, signal);
	const denied = new Map(answer.advice?.denied?.map((one) => [one.index, one]) ?? []);
	const panel = h('section.reason', { 'aria-labelledby': 'pair' });
	const put = (index, modifier) => change(withLine(set, index, { modifiers: [...new Set([...set.lines[index].modifiers, modifier])].slice(0, 4) }), `modifiers-${index}`);
	const choose = (number, byHand) => {
		if (number < 0 || number >= answer.pairs.length) return;
		for (const td of grid.querySelectorAll('td[data-pair]')) {
			const is = Number(td.dataset.pair) === number;
			td.classList.toggle('chosen', is);
			td.firstElementChild.setAttribute('aria-pressed', String(is));
		}
		replace(panel, detail(answer, number, put));
		if (byHand) {
			amend(to('pairs', place.params, mark(answer, number)));
			panel.scrollIntoView({ block: 'nearest' });
		}
	};

	const grid = h('table', { class: `matrix${set.lines.length > 10 ? ' many' : ''}` },
		h('caption.unseen', 'Verdict of each pair; rows and columns are the lines'),
		h('thead', h('tr', h('th', { scope: 'col' }, 'Line'), h('th', { scope: 'col' }, 'Modifiers'),
			answer.codes.map((code) => h('th', { scope: 'col', class: 'column' }, h('span.code', code.code))),
			h('th', { scope: 'col', class: 'noprint' }, h('span.unseen', 'Remove')))),
		h('tbody', answer.codes.map((code, i) => h('tr', { class: denied.has(i) && 'loses' },
			h('th', { scope: 'row' }, codeLink(code.code),
				set.lines[i]?.units != null && muted(` ×${set.lines[i].units}`), ' ',
				h('span.text', { data: { code: code.code } }),
				lineState(code), denied.has(i) && badge('denied', denied.get(i).modifier_helps ? 'denied as it stands' : 'denied')),
			h('td.mods', lineField('modifiers', set, i, change)),
			answer.codes.map((_, j) => cell(answer, i, j, choose)),
			h('td.noprint', remover(set, i, change))))));
	walk(grid);
	describe(grid, answer.codes, signal);

	const counts = WORST.map((name) => [name, answer.pairs.filter((pair) => pair.verdict === name).length]).filter(([, n]) => n > 0);
	const list = table({
		caption: 'Each pair, worst first', columns: PAIR_COLUMNS, name: `pairs-${set.lines.map((line) => line.code).join('-')}`.slice(0, 60), filterable: answer.pairs.length > 10,
		rows: [...answer.pairs].sort((x, y) => WORST.indexOf(x.verdict) - WORST.indexOf(y.verdict)),
	});
	const wanted = answer.pairs.findIndex((_, i) => mark(answer, i) === place.mark);
	const worst = answer.pairs.findIndex((pair) => pair.verdict === answer.verdict);
	return {
		title: `Together: ${answer.codes.map((code) => code.code).join(' ')}`.slice(0, 80),
		said: `${VERDICT[answer.verdict]?.name}. ${counts.map(([name, n]) => `${n} ${VERDICT[name].short}`).join(', ')}`,
		node: h('div.pairs', tools,
			h('p.overall', verdict(answer.verdict), ' ', h('span.muted',
				counts.map(([name, n], i) => [i > 0 && ', ', `${n} ${VERDICT[name].short}`]), ` · ${SETTINGS[answer.setting] ?? answer.setting}, `, day(answer.date)),
			answer.stale && [' ', badge('stale', 'stale')]),
			left.length > 0 && trouble(`The page shows ${LINES_MAX} codes at a time. Left out: ${left.join(' ')}`),
			h('div.split',
				h('div.left',
					scroller('Matrix of verdicts', grid),
					adder(set, change),
					h('ul.legend', { 'aria-label': 'Signs' }, WORST.map((name) => h('li', verdict(name)))), advice(answer)),
				panel),
			list.node),
		shown: () => choose(wanted >= 0 ? wanted : Math.max(worst, 0), false),
	};
}

/* "97150-97110": the pair that a link means. */
const mark = (answer, number) => answer.pairs[number].codes.join('-');
