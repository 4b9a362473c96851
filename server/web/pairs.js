/* pairs.js - may these codes be billed together? A matrix of verdicts, the
 * reasons of one pair, and advice for the set. */
import { h, replace, columnHead, facts, grid, rowHead, section, sign, scroller } from './dom.js';
import { ask } from './ask.js';
import { to, asOf, SETTINGS } from './place.js';
import { told } from './parse.js';
import { VERDICT, WORST, codeLink, verdict, badge, day, span, source, plain, plural, noteText, INDICATOR, EDIT_STATE, muted } from './words.js';
import { begin, lineField, withLine, describe, remover, removeHead, backTo } from './lines.js';
import { column, dayColumn, table, SOURCE } from './table.js';

const PROBLEM = {
	bad_syntax: 'not a procedure code', unknown_code: 'in none of the loaded releases', not_valid_on_date: 'not valid on this day',
};

function lineState(code) {
	if (code.problem) return badge('ended', PROBLEM[code.problem] ?? plain(code.problem));
	if (code.valid === false) return badge('ended', 'not valid on this day');
	if (code.valid === null) return badge('unsure', 'validity not known');
	return code.evidence === 'stale' ? badge('stale') : null;
}

/* What stands in a cell: the sign, and the modifier that opened the edit. */
function cell(answer, i, j, choose) {
	const at = answer.matrix[i][j];
	if (at === null) return h('td.self', h('span', { 'aria-hidden': 'true' }, '·'));
	const pair = answer.pairs[at.pair];
	const v = VERDICT[at.verdict];
	const a = answer.codes[i].code, b = answer.codes[j].code;
	const denied = pair.denied && (pair.denied === a ? 'row' : 'column');
	const label = `${a} with ${b}: ${v.name}${pair.bypass ? ` ${pair.bypass.modifier}` : ''}${pair.denied ? `, ${pair.denied} denied` : ''}`;
	return h('td', { class: `verdict ${at.verdict}`, 'data-pair': at.pair },
		h('button', {
			tabindex: '-1', 'aria-pressed': 'false',
			'aria-label': label, title: label,
			onclick: () => choose(at.pair, true),
		}, sign(v.sign),
		pair.bypass && h('small', pair.bypass.modifier),
		denied && h('small', { 'aria-hidden': 'true', title: `${pair.denied} is denied` }, denied === 'row' ? '←' : '↑')));
}

/* Arrow keys walk through the matrix; one cell is in the tab order. */
function walk(matrix) {
	const buttons = () => [...matrix.querySelectorAll('td button')];
	const first = buttons()[0];
	if (first) first.tabIndex = 0;
	matrix.addEventListener('keydown', (event) => {
		const [right, down] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key] ?? [];
		let cell = event.target.closest('td.verdict');
		if (!cell || right === undefined) return;
		event.preventDefault();
		/* Over the diagonal; past an edge nothing moves. */
		do {
			const row = matrix.rows[cell.parentElement.rowIndex + down];
			cell = row?.cells[cell.cellIndex + right];
		} while (cell?.matches('.self'));
		const button = cell?.querySelector('td.verdict > button');
		if (!button) return;
		for (const one of buttons()) one.tabIndex = -1;
		button.tabIndex = 0;
		button.focus();
	});
}

/* The reason of one pair. */
function detail(answer, number, put) {
	const pair = answer.pairs[number];
	const [a, b] = pair.codes;
	const ways = answer.advice?.resolvable?.find((one) => one.pair === number)?.options ?? [];
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
			pair.modifier_indicator != null && ['Modifier indicator', `${pair.modifier_indicator}: ${INDICATOR[pair.modifier_indicator]}`],
			(pair.effective || pair.deleted) && ['The edit', [span(pair.effective, pair.deleted), pair.effective_inferred && ' (first day inferred, not published)']],
			['NCCI’s reason', pair.rationale],
			['All times', pair.timeline?.text],
			pair.mue && ['Unit limit', `${pair.mue.value} ${pair.mue.mai === 1 ? 'a line' : 'a day'}`],
			pair.addon?.length > 0 && ['Add-on', pair.addon.map((one) => one.note === 'addon_of' ? `${one.addon} is an add-on of ${one.primary}. ` : `${one.addon} is an add-on, and the other is not one of its primaries. `)],
			...(pair.other_settings ?? []).map((other) => [SETTINGS[other.setting], [verdict(other.verdict), other.denied && ` ${other.denied} denied`]]),
		]),
		pair.stale && h('p', badge('stale'), ' The loaded edits end before this day.'),
		source(pair.source, 'Row'),
		pair.history?.length > 0 && h('details', { open: pair.history.length <= 4 }, h('summary', plural(pair.history.length, 'row'), ' of this pair, all times'),
			h('ul', pair.history.map((edit) => h('li', h('b', EDIT_STATE[edit.state]), ': ', h('span.code', edit.column1), ' paid, ',
				h('span.code', edit.column2), ' denied, ', INDICATOR[edit.modifier_indicator], '; ',
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
	{ name: 'Verdict', head: true, class: 'nowrap', text: (p) => VERDICT[p.verdict].name, cell: (p) => verdict(p.verdict) },
	{ name: 'Codes', class: 'code', text: (p) => p.codes.join(' ') }, column('Denied', 'denied', { class: 'code' }),
	column('Why', 'reason_text', { class: 'why' }), dayColumn('First day', 'effective'), ...SOURCE,
];

export async function show(turn) {
	const { place, signal, amend } = turn;
	const { set, change, codes, left, sides, adder } = begin(turn, 'pairs');
	const [first, ...others] = set.lines;
	if (others.length === 0) {
		return {
			title: 'Together', shown: () => backTo('add'),
			node: [sides, h('h1', 'Which codes together?'), h('p', first ? ['Billed with ', h('b.code', first.code), ': '] : 'Name at least two procedure codes. '), adder],
		};
	}
	const answer = await ask('/v1/pairs', {
		codes: set.lines.map((line) => told(line)).join(), ...asOf(),
	}, signal);
	const denied = new Map(answer.advice?.denied?.map((one) => [one.index, one]) ?? []);
	const panel = h('section.reason', { 'aria-labelledby': 'pair' });
	const put = (index, modifier) => change(withLine(set, index, { modifiers: [...new Set([...set.lines[index].modifiers, modifier])].slice(0, 4) }), `modifiers-${index}`);
	const choose = (number, byHand) => {
		if (number < 0 || number >= answer.pairs.length) return;
		for (const td of matrix.querySelectorAll('td[data-pair]')) {
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

	const matrix = grid(`matrix${set.lines.length > 10 ? '.many' : ''}`, 'Verdict of each pair; rows and columns are the lines',
		[columnHead('Line'), columnHead('Modifiers'), answer.codes.map((code) => columnHead(h('span.code', code.code), 'column')), removeHead()],
		answer.codes.map((code, i) => h('tr', { class: denied.has(i) && 'loses' },
			rowHead(codeLink(code.code),
				set.lines[i]?.units != null && muted(` ×${set.lines[i].units}`), ' ',
				h('span.text', { data: { code: code.code } }),
				lineState(code), denied.has(i) && badge('denied', denied.get(i).modifier_helps ? 'denied as it stands' : 'denied')),
			h('td.mods', lineField('modifiers', set, i, change)),
			answer.codes.map((_, j) => cell(answer, i, j, choose)),
			remover(set, i, change))));
	walk(matrix);
	describe(matrix, answer.codes, signal);

	const counts = WORST.map((name) => [name, answer.pairs.filter((pair) => pair.verdict === name).length]).filter(([, n]) => n > 0);
	const list = table({
		caption: 'Each pair, worst first', captioned: true, columns: PAIR_COLUMNS, name: `pairs-${codes.replaceAll(' ', '-')}`.slice(0, 60), filterable: answer.pairs.length > 10,
		rows: [...answer.pairs].sort((x, y) => WORST.indexOf(x.verdict) - WORST.indexOf(y.verdict)),
	});
	const wanted = answer.pairs.findIndex((_, i) => mark(answer, i) === place.mark);
	const worst = answer.pairs.findIndex((pair) => pair.verdict === answer.verdict);
	return {
		title: `Together: ${codes}`,
		said: `${VERDICT[answer.verdict].name}. ${counts.map(([name, n]) => `${n} ${VERDICT[name].short}`).join(', ')}`,
		node: h('div.pairs', sides, h('h1', `${set.lines.length} codes together`),
			h('p.overall', verdict(answer.verdict), ' ', h('span.muted',
				counts.map(([name, n], i) => [i > 0 && ', ', `${n} ${VERDICT[name].short}`]), ` · ${SETTINGS[answer.setting]}, `, day(answer.date)),
			answer.stale && [' ', badge('stale')]),
			left,
			h('div.split',
				h('div.left',
					scroller('Matrix of verdicts', matrix),
					adder,
					h('ul.legend', { 'aria-label': 'Signs' }, WORST.map((name) => h('li', verdict(name)))), advice(answer)),
				panel),
			list.node),
		shown: () => choose(wanted >= 0 ? wanted : Math.max(worst, 0), false),
	};
}

/* "97150-97110": the pair that a link means. */
const mark = (answer, number) => answer.pairs[number].codes.join('-');
