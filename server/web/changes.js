/* changes.js - what changed: each list against its release before, or between
 * two days; all of it, of one list, or of one's own codes. */
import { h, choice, columnHead, grid, replace, retry, rowHead, scroller, trouble } from './dom.js';
import { ask } from './ask.js';
import { to, SETTINGS } from './place.js';
import { mine } from './mine.js';
import { badge, codeLink, day, muted, num, plain, plural, tableName } from './words.js';
import { field, backTo } from './lines.js';
import { dayColumn, table, SOURCE } from './table.js';

const PAGE = 200, PAGE_MAX = 1000; /* changes asked at a time: at first, and then */
const SHOWN = 24; /* codes of a change on the page; a file has them all */
const CODES_MAX = 200; /* codes that one question may name */
const KINDS = {
	added: ['billable', 'added'], ended: ['ended', 'ended'], restored: ['billable', 'back in use'], reused: ['stale', 'number used again'],
	dropped: ['header', 'left the file'], billable: ['stale', 'billable or header'], title: ['timed', 'other words'], revised: ['timed', 'revised'],
	limit: ['stale', 'unit limit'], listed: ['timed', 'listed'], unlisted: ['header', 'not listed any more'], edit_begins: ['ended', 'edit begins'],
	edit_ends: ['billable', 'edit ends'], edit_changed: ['stale', 'edit changed'], edit_reversed: ['stale', 'columns reversed'],
	edit_corrected: ['header', 'past corrected'], edit_withdrawn: ['billable', 'edit withdrawn'],
};
const WHY_NOT = {
	not_loaded: 'not loaded on both sides', no_release_before: 'no release before it is loaded',
	before_first_release: 'before the first release', after_newest_release: 'after the newest release',
};
const kindName = (name) => KINDS[name]?.[1] ?? plain(name);
const listName = (one) => [tableName(one.table), SETTINGS[one.setting], one.program === 'medicaid' && 'Medicaid'].filter(Boolean).join(', ');
const codesOf = (one) => one.column1 ? [one.column1, one.column2] : one.codes ?? (one.code ? [one.code] : []);

/* What was and what is; of texts only the words that differ stand out. */
function words(one) {
	if (one.words?.length > 0)
		return one.words.map((run) => [run.removed != null ? h('del', run.removed) : run.added != null ? h('ins', run.added) : Object.values(run)[0], ' ']);
	return [one.before != null && h('del', one.before), one.before != null && one.after != null && ' → ', one.after != null && h('ins', one.after)];
}

const COLUMNS = [
	{
		name: 'Code', head: true, text: (one) => [one.document, ...codesOf(one)].filter(Boolean).join(' ') + (one.modifier ? `-${one.modifier}` : ''),
		cell: (one) => one.column1 ? h('a.code', { href: to('pairs', { codes: `${one.column1},${one.column2}` }) }, `${one.column1} ${one.column2}`)
			: one.document ? [h('b', one.document), ' ', muted(one.title ?? '')]
				: [codeLink(one.code, one.system), one.modifier && `-${one.modifier}`, one.primary && muted(' with ', one.primary)],
	},
	{ name: 'Change', class: 'nowrap', text: (one) => kindName(one.kind), cell: (one) => badge(...(KINDS[one.kind] ?? ['unsure', kindName(one.kind)])) },
	{ name: 'List', text: listName },
	{ name: 'Field', csvOnly: true, text: (one) => plain(one.field) }, { name: 'Before', csvOnly: true, text: (one) => one.before }, { name: 'After', csvOnly: true, text: (one) => one.after },
	{
		name: 'What', class: 'why', text: (one) => [plain(one.field), one.before, one.after, one.document && one.title].filter(Boolean).join(' '),
		cell: (one) => [one.field && muted(plain(one.field), ': '), words(one), one.codes && [' ', one.codes.slice(0, SHOWN).map((code) => [codeLink(code, one.system), ' ']), one.codes.length > SHOWN && `and ${num(one.codes.length - SHOWN)} more`],
			one.advice && h('p.todo', one.advice[0].toUpperCase(), one.advice.slice(1), '.')],
	},
	{ name: 'What to do', csvOnly: true, text: (one) => one.advice },
	{ ...dayColumn('From', 'effective'), cell: (one) => [day(one.effective), one.effective && !one.effective_certain && muted(' at the latest')] },
	...SOURCE,
];

function summary(list, params) {
	const lines = [...list].sort((a, b) => (b.changes ?? -1) - (a.changes ?? -1));
	return scroller('Changes of each list', grid('summary', 'Changes of each list',
		['List', 'From', 'To', 'Changes', 'Of which'].map((name) => columnHead(name, name === 'Changes' && 'number')),
		lines.map((one) => h('tr',
			rowHead(one.changes > 0 ? h('a', { href: to('changes', { ...params, table: one.table, kind: '' }) }, listName(one)) : listName(one)),
			h('td.nowrap', one.from_release), h('td.nowrap', one.to_release),
			h('td.number', one.changes == null ? '' : num(one.changes)),
			h('td', one.compared ? Object.entries(one.counts ?? {}).map(([kind, count], i) => [i > 0 && ', ', `${num(count)} ${kindName(kind)}`]) : muted(`not compared: ${WHY_NOT[one.reason] ?? plain(one.reason)}`),
				one.gap && [' ', badge('unsure', 'releases between are missing')], one.partial && [' ', badge('stale', 'in part')], one.stale && [' ', badge('stale')])))));
}

export async function show({ place, signal, go }) {
	const { from = '', to: until = '', table: name = '', kind = '', codes = '', mine: own = '' } = place.params;
	const params = { from, to: until, table: name, kind, codes, mine: own };
	const pinned = mine().map((one) => one.code);
	const asked = own ? pinned.slice(0, CODES_MAX) : [...new Set(codes.toUpperCase().split(/[\s,;]+/).filter(Boolean))].slice(0, CODES_MAX);
	const change = async (part, id) => {
		await go(to('changes', { ...params, ...part }), 'push', { focus: false, scroll: scrollY });
		backTo(id);
	};
	const date = (label, key, value) => h('label', label, ' ', h('input', { type: 'date', value, 'data-field': key, onchange: (event) => change({ [key]: event.target.value }, key) }));
	const question = { from, to: from && until, table: name, kind, codes: asked.join(',') };
	const nothing = own && asked.length === 0;
	const counted = await ask('/v1/changes', { from, to: from && until, counts: true, limit: 1 }, signal);
	const tables = Object.fromEntries(counted.summary.map((one) => [one.table, tableName(one.table)]));
	const narrowed = [name && tableName(name), kind && kindName(kind), asked.length > 0 && `${own ? 'my codes' : 'of'} ${asked.join(' ')}`].filter(Boolean).join(', ');
	const top = [h('h1', own ? 'What changed for my codes' : 'What changed'),
		h('p.muted', from ? ['After ', day(from), until ? [' and up to ', day(until)] : ' and up to today', ', by the releases of those days.']
			: 'The newest release of each list beside the one before it that is loaded; of edits, what begins and ends in its period.',
		narrowed && h('b', ` Only ${narrowed}.`)),
		h('div.controls',
			choice('Of', { '': 'all codes', mine: `my codes (${pinned.length})` }, own ? 'mine' : '', (value) => change({ mine: value && '1', codes: '' }, 'Of')),
			!own && h('label', 'Codes ', field({ label: 'Codes', value: codes, size: 16, placeholder: 'any', id: 'codes', onDone: (text) => change({ codes: text.toUpperCase() }, 'codes') })),
			choice('List', { '': 'all lists', ...tables, ...name && { [name]: tableName(name) } }, name, (value) => change({ table: value }, 'List')),
			choice('Change', { '': 'of any kind', ...Object.fromEntries(Object.entries(KINDS).map(([one, [, text]]) => [one, text])) }, kind, (value) => change({ kind: value }, 'Change')),
			date('After', 'from', from), date('Up to', 'to', until),
			from && h('button.quiet', { onclick: () => change({ from: '', to: '' }, 'from') }, 'Newest releases'))];
	if (nothing)
		return { title: 'What changed', node: [top, h('p', 'No code is pinned yet. Pin the codes you bill on their cards: this page then tells what changed for them.')] };

	const first = await ask('/v1/changes', { ...question, limit: PAGE }, signal);
	let { next } = first, busy = null;
	const rows = (answer) => answer.items.map((one) => ({ ...one, source: one.source ?? one.source_before }));
	const rest = h('div.more');
	/* One page more; a page may be empty, and not the last. */
	const page = async (limit) => {
		const answer = await ask('/v1/changes', { ...question, limit, cursor: next }, signal);
		list.append(rows(answer));
		next = answer.next;
		offer();
	};
	const loads = (work) => busy ??= work().catch((problem) => {
		if (!signal.aborted) replace(rest, retry(problem.message, offer));
		throw problem;
	}).finally(() => { busy = null; });
	const offer = () => {
		if (next) list.status(', the first of more');
		replace(rest, next && h('button', { onclick: () => loads(() => page(PAGE_MAX)).catch(() => {}) }, 'Load more'));
	};
	const everything = async (most = Infinity) => {
		while (next && list.length() < most) await loads(() => page(Math.min(PAGE_MAX, most - list.length())));
	};
	const list = table({
		caption: 'Changes', columns: COLUMNS, rows: rows(first), name: `changes${own ? '-mine' : ''}${name && `-${name}`}`, filterable: true, all: everything,
		empty: asked.length > 0 ? 'Nothing changed for these codes in what was compared.' : 'Nothing changed in what was compared.',
	});
	while (next && first.items.length === 0 && list.length() === 0) await page(PAGE_MAX);
	offer();
	const total = counted.summary.reduce((sum, one) => sum + (one.changes ?? 0), 0);
	return {
		title: own ? 'What changed for my codes' : 'What changed', said: `${plural(list.length(), 'change')}${next ? ' and more' : ''}`,
		node: h('div.changes', top,
			own && pinned.length > CODES_MAX && trouble(`Of your ${pinned.length} codes the first ${CODES_MAX} are asked for.`),
			h('details', { open: asked.length === 0 && !name && !kind }, h('summary', `${plural(total, 'change')} in ${plural(counted.summary.filter((one) => one.compared).length, 'list')}`), summary(counted.summary, params)),
			list.node, rest),
	};
}
