/* claim.js - a whole claim, line by line: what the rules find, and what they
 * could not check. Nothing that tells who the patient is is asked for. */
import { h, choice, columnHead, cross, grid, rowHead, section, scroller } from './dom.js';
import { tell } from './ask.js';
import { asOf } from './place.js';
import { badge, codeLink, plural, source, tableName, muted } from './words.js';
import { begin, lineField, remover, removeHead, stateChoice, describe, backTo } from './lines.js';
import { table, RELEASE } from './table.js';

const SEVERITY = { error: ['ended', 'error'], warning: ['stale', 'warning'], information: ['timed', 'to know'] };
const PAYERS = { '': 'as the program', medicare: 'Medicare', medicaid: 'Medicaid', commercial: 'commercial', other: 'other' };

const severity = (name) => badge(...SEVERITY[name]);
const onLines = (finding) => finding.lines.length === 0 ? 'claim' : finding.lines.join(', ');
const WORST = Object.keys(SEVERITY);
const COLUMNS = [
	{ name: 'Severity', class: 'nowrap', text: (one) => SEVERITY[one.severity][1], cell: (one) => severity(one.severity) },
	{ name: 'Line', head: true, class: 'nowrap', text: onLines },
	{ name: 'Codes', text: (one) => one.codes?.join(' '), cell: (one) => one.codes?.map((code) => [codeLink(code), ' ']) },
	{
		name: 'Finding', class: 'why', text: (one) => one.text,
		cell: (one) => [one.text, one.denied?.length > 0 && h('b', ` Denied: line ${one.denied.join(', ')}.`),
			source(one.source, one.rule) ?? h('p.source', one.rule)],
	},
	{ name: 'Rule', csvOnly: true, text: (one) => one.rule }, ...RELEASE,
];

/* What is said of several lines in the same words is said once. */
function together(findings) {
	const met = new Map();
	for (const one of findings) {
		const key = `${one.id} ${one.severity} ${one.text}`;
		const same = met.get(key);
		if (!same) met.set(key, { ...one });
		else for (const name of ['lines', 'codes', 'denied']) if (one[name]) same[name] = [...new Set([...same[name] ?? [], ...one[name]])];
	}
	return [...met.values()];
}

/* The letters of the diagnoses: as on the form. */
const letter = (i) => String.fromCharCode(65 + i);

export async function show(turn) {
	const { place, signal } = turn;
	const { payer = '', state = '' } = place.params;
	const { set, change, codes, left, sides, adder } = begin(turn, 'claim', { state, payer });
	const asked = set.lines.length > 0;
	const answer = asked && await tell('/v1/claims/check', {}, {
		...asOf(), ...payer && { payer }, ...state && { state }, diagnoses: set.dx,
		lines: set.lines.map(({ code, modifiers, units, minutes, pointers }) => ({
			code, modifiers, ...units !== null && { units }, ...minutes !== null && { minutes },
			/* Without letters a line is for all, as many as a line can point to. */
			dx: pointers?.length > 0 ? pointers : set.dx.slice(0, 4).map((_, i) => i + 1),
		})),
	}, signal);
	const found = answer ? together(answer.findings).sort((a, b) => WORST.indexOf(a.severity) - WORST.indexOf(b.severity) || (a.lines[0] ?? 0) - (b.lines[0] ?? 0)) : [];
	const of = (i) => found.filter((one) => one.lines.includes(i + 1) && one.severity !== 'information');
	const dropDx = (i) => change({
		...set, dx: set.dx.filter((_, j) => j !== i),
		lines: set.lines.map((line) => ({ ...line, pointers: line.pointers?.filter((n) => n !== i + 1).map((n) => n > i + 1 ? n - 1 : n) })),
	}, 'add');
	const lines = asked && scroller('Lines of the claim', grid('unitlines.claimlines', 'Lines of the claim',
		[['Line', 'Modifiers', 'Units', 'Minutes', 'Diagnoses', 'Found'].map((name) => columnHead(name)), removeHead()],
		set.lines.map((line, i) => h('tr',
			rowHead(`${i + 1} `, codeLink(line.code), ' ', h('span.text', { data: { code: line.code } })),
			['modifiers', 'units', 'minutes', 'pointers'].map((name) =>
				h('td', lineField(name, set, i, change, name === 'pointers' && set.dx.length > 0 ? 'all' : '–'))),
			h('td', answer.lines[i]?.denied && badge('denied'), ' ',
				[...new Set(of(i).map((one) => one.severity))].map((name) => [severity(name), ' ']),
				of(i).length === 0 && !answer.lines[i]?.denied && muted('nothing')),
			remover(set, i, change)))));
	const list = answer && found.length > 0 && table({ caption: 'Findings', columns: COLUMNS, rows: found, name: 'claim-findings' });
	const counts = answer && [answer.errors && plural(answer.errors, 'error'), answer.warnings && plural(answer.warnings, 'warning')].filter(Boolean).join(', ');
	const open = answer ? answer.not_checked.filter((one) => one.needed) : [];
	const verdict = !answer ? '' : counts || (open.length > 0 ? 'Nothing wrong found in what could be checked' : 'Nothing wrong found');
	return {
		title: `Claim: ${codes}`, said: verdict,
		node: h('div.claim', sides, h('h1', 'A whole claim'),
			set.dx.length > 0 && h('p.dx', set.dx.map((dx, i) => [h('span.chip', h('b', letter(i)), ' ', codeLink(dx, 'icd10cm'), ' ', cross(`Remove ${dx}`, () => dropDx(i))), ' '])),
			h('div.controls', choice('Payer', PAYERS, payer, (value) => change(set, 'Payer', { payer: value })),
			stateChoice(state, (value) => change(set, 'state', { state: value }))),
			lines, adder,
			!asked && h('p', 'Write or paste lines into the box above, or here: “97110-GP x2 30 min M54.50”. Date, setting and program stand in the head. No name, no number of a patient.'),
			left,
			answer && [
				h('p.overall', h('span', { class: `verdict ${answer.errors ? 'not_billable' : counts || open.length > 0 ? 'modifier_required' : 'billable'}` }, verdict),
					answer.stale && [' ', badge('stale')]),
				list?.node,
				open.length > 0 && section('Not checked', { class: 'couple' }, h('ul', open.map((one) => h('li', one.text)))),
				h('p.muted', 'Checked: ', Object.keys(answer.checked).filter((name) => answer.checked[name]).map(tableName).join(', '), '.')],
		),
		shown: () => { if (asked) describe(lines, set.lines, signal); else backTo('add'); },
	};
}
