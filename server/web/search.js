/* search.js - results: codes by words, by range, or a list of them. */
import { h, add, fold, replace, retry, say } from './dom.js';
import { ask } from './ask.js';
import { to, toCode, theDate } from './place.js';
import { shape, understand } from './parse.js';
import { STATUS, systemName, badge, num, plain, plural, muted } from './words.js';
import { pinned } from './mine.js';
import { column, csvButton } from './table.js';

const PAGE = 20; /* hits asked at a time */
const CSV_MAX = 2000; /* hits written into one CSV file */
const FACETS = { system: 'System', billable: 'On a claim', timed: 'Time', status: 'Fee schedule status', section: 'Section' };
const SECTIONS = 8; /* sections offered before the rest is folded away */
const MATCHED = { code: 'this code', code_prefix: 'code begins so', words: '', title: '', title_exact: '' };

/** The text with what was found marked; highlights count code points. */
function marked(text, highlights) {
	if (!highlights?.length) return text;
	const points = [...text];
	const parts = [];
	let at = 0;
	for (const [start, length] of highlights) {
		parts.push(points.slice(at, start).join(''), h('mark', points.slice(start, start + length).join('')));
		at = start + length;
	}
	parts.push(points.slice(at).join(''));
	return parts;
}

/** What one should know of a code before opening it. */
export function badges(item) {
	const { valid, timed } = item;
	return [
		valid === false && badge('ended', item.evidence === 'not_yet' ? 'not yet valid' : 'not valid'),
		valid === null && badge('unsure', 'validity not known'),
		item.system === 'icd10cm' && valid !== false && (item.billable ? badge('billable')
			: item.billable === false ? badge('header', 'header, not billable') : badge('unsure', 'billable or header: not known')),
		(timed?.flag ?? timed) && badge('timed', item.unit_minutes ?? timed.unit_minutes ? `timed ${item.unit_minutes ?? timed.unit_minutes} min` : 'timed'),
		(item.addon?.is_addon ?? item.addon) === true && badge('addon', 'add-on'),
		/^(always|sometimes)$/.test(item.therapy?.class ?? item.therapy) && badge('therapy', `${item.therapy.class ?? item.therapy} therapy`),
		item.stale && badge('stale', 'stale', 'Out of a release whose period has ended'),
	].filter(Boolean).flatMap((one) => [one, ' ']);
}

/* Why a hit is there that does not hold the words as they were typed. */
function reasons({ matched, lacks = [], stands_for = [] }) {
	return [
		MATCHED[matched] ?? plain(matched),
		...lacks.map((word) => `without “${word}”`),
		...stands_for.filter(({ kind }) => !/^(grammar|spelling)$/.test(kind)).map(({ term, meaning }) => `${term}: ${meaning}`),
	].filter(Boolean);
}

function hitItem(hit) {
	const pin = pinned(hit.code, hit.system);
	return h('li.hit',
		h('a', { href: toCode(hit.code, hit.system) },
			h('b.code', hit.code), ' ',
			h('span.text', hit.text ? marked(hit.text, hit.highlights) : muted('no text loaded'))), ' ',
		h('span.marks', badges(hit), h('span.system', systemName(hit.system)),
			reasons(hit).map((reason) => h('span.why', ` · ${reason}`)),
			hit.found_in && h('span.why', ` · ${hit.found_in.kind}: `, marked(hit.found_in.text, hit.found_in.highlights)),
			pin && h('span.why', ' · ★ pinned', pin.note && `: ${pin.note}`)));
}

const COLUMNS = [
	...['code', 'system', 'text', 'valid', 'billable', 'matched'].map((name) => column(name, name)),
	...['release', 'file', 'row'].map((name) => ({ name, text: (hit) => hit.source?.[name] })),
];

/* Hits of a search, or the items of a list. */
const found = (answer) => answer.hits ?? answer.items;

/* "97010-97799" is a range, "M54.50 I10" a list, the rest words. */
function question(params) {
	const { q = '' } = params;
	const rest = Object.fromEntries(Object.entries(params).filter(([name]) => name in FACETS));
	const { range } = understand(q);
	const list = q.trim().split(/[\s,]+/);

	if (range)
		return { path: '/v1/codes', params: { from: range[0], to: range[1], ...rest } };
	if (list.length > 1 && list.every(shape))
		return { path: '/v1/codes', params: { codes: list.join(), ...rest } };
	return { path: '/v1/search', params: { q, ...rest, facets: Object.keys(FACETS).join(), found_in: 'true' } };
}

const VALUES = {
	billable: { true: 'billable', false: 'not billable' }, timed: { true: 'timed', false: 'not timed' },
};
const facetValue = (name, value) => name === 'system' ? systemName(value)
	: name === 'status' && STATUS[value] ? `${value}: ${STATUS[value]}` : VALUES[name]?.[value] ?? value;

function facets(answer, place) {
	const groups = Object.keys(FACETS).filter((name) => Object.keys(answer.facets?.[name] ?? {}).length > 1 || place.params[name]);
	if (groups.length === 0) return null;
	return h('nav.facets', { 'aria-label': 'Narrow the results' }, groups.map((name) => {
		const link = (value, text, count) => h('li', h('a', {
			href: to('search', { ...place.params, [name]: value }), 'aria-current': (place.params[name] ?? null) === value && 'true',
		}, text, count != null && [' ', h('span.count', num(count))]));
		const values = Object.entries(answer.facets[name]).sort((a, b) => b[1] - a[1]).map(([value, count]) => link(value, facetValue(name, value), count));
		return h('div.facet', h('h2', FACETS[name]), h('ul', link(null, 'All'), values.slice(0, SECTIONS)),
			values.length > SECTIONS && fold(`${values.length - SECTIONS} more`, h('ul', values.slice(SECTIONS))));
	}));
}

export async function showSearch(turn) {
	const { place, signal } = turn;
	const asked = question(place.params);
	const q = (place.params.q ?? '').trim();

	if (q === '') {
		return { title: 'Search', node: [h('h1', 'Search'), h('p', 'Type words or a code into the box above.')] };
	}
	const params = { ...asked.params, date: theDate(), limit: PAGE };
	const pages = Math.min(history.state?.pages ?? 1, 20);
	const first = await ask(asked.path, params, signal);
	const hits = [];
	const list = h('ol.hits');
	const end = h('div.more');
	let next = null, busy = false, count = 0;

	const take = (answer) => {
		const fresh = found(answer);
		hits.push(...fresh);
		add(list, fresh.map(hitItem));
		next = answer.next;
		count++;
		replace(end, next && h('button.quiet', { onclick: more }, 'More results'));
	};
	async function more() {
		if (busy || !next || signal.aborted) return;
		busy = true;
		try {
			take(await ask(asked.path, { ...params, cursor: next }, signal));
			history.replaceState({ ...history.state, pages: count }, '');
			say(`${hits.length} of ${first.total ?? hits.length} results`);
		} catch (problem) {
			if (!signal.aborted) {
				/* The mark of the place belongs to a build that is gone. */
				if (!(problem.kind === 'refused' && await turn.build().catch(() => false)))
					replace(end, retry(problem.message, more));
			}
			return;
		} finally {
			busy = false;
		}
		if (near()) more();
	}
	const near = () => end.isConnected && end.getBoundingClientRect().top < innerHeight * 1.5;
	take(first);
	for (let i = 1; i < pages && next; i++) take(await ask(asked.path, { ...params, cursor: next }, signal));

	addEventListener('scroll', () => { if (near()) more(); }, { passive: true, signal });
	const total = first.total ?? (next ? null : hits.length);
	const title = asked.params.q ? `Search: ${q}` : asked.params.from ? `Codes ${q}` : 'List of codes';
	const all = async () => {
		const rows = [...hits];
		let cursor = next;
		while (cursor && rows.length < CSV_MAX) {
			const answer = await ask(asked.path, { ...params, limit: 200, cursor });
			rows.push(...found(answer));
			cursor = answer.next;
		}
		return rows;
	};
	const narrow = facets(first, place);
	return {
		title,
		said: hits.length === 0 ? 'No results' : `${total ?? 'Many'} results. First: ${hits[0].code} ${hits[0].text ?? ''}`,
		node: h('div', { class: narrow ? 'results narrowed' : 'results' }, narrow,
			h('section.found', { 'aria-labelledby': 'found' },
				h('div.tablebar',
					h('h1', { id: 'found', class: 'small' }, hits.length === 0 ? 'No results' : total === null ? 'Codes' : plural(total, asked.params.q ? 'result' : 'code'),
						h('span.unseen', ` for ${q}`)),
					first.unfinished && h('span.muted', `“${first.unfinished}” may go on, not looked for yet`),
					h('span.gap'), hits.length > 0 && csvButton(title, COLUMNS, all)),
				first.corrected?.length > 0 && h('p', { role: 'status' }, 'Read as ', first.corrected.map((one, i) => [i > 0 && ', ', h('b', one.read), ` (typed “${one.typed}”)`])),
				first.dropped?.length > 0 && h('p.muted', `The first result does without: ${first.dropped.map((one) => one.typed ?? one).join(', ')}`),
				hits.length === 0 && nothing(q, place),
				list, end)),
		/* Not before the next key, perhaps: the first results come first. */
		shown() { setTimeout(() => { if (near()) more(); }, 400); },
	};
}

function nothing(q, place) {
	const narrowed = Object.keys(place.params).some((name) => name !== 'q' && name !== 'cursor');
	return h('p', `Nothing that is loaded fits “${q}”. `,
		narrowed ? h('a', { href: to('search', { q }) }, 'Search everything') : 'Try fewer or other words, or the first digits of a code.');
}

/** What a code could have been, under the message that there is none. */
export async function insteadOf(code, signal) {
	const { hits } = await ask('/v1/search', { q: code, date: theDate(), limit: 10 }, signal).catch(() => ({ hits: [] }));
	return hits.length > 0 && [h('h2', 'Found by search'), h('ol.hits', hits.map(hitItem))];
}
