/* necessity.js - what the loaded articles say of a procedure with a diagnosis;
 * of one of the two alone, their lists. */
import { h, choice, facts, sign, trouble } from './dom.js';
import { ask, isAnswer, notOffered, Problem } from './ask.js';
import { to, asOf, head } from './place.js';
import { readSet } from './parse.js';
import { badge, codeLink, day, muted, plural, source } from './words.js';
import { changer, sides, field, adder, stateChoice, USUAL, backTo } from './lines.js';
import { column, table } from './table.js';

const COUPLES_MAX = 24; /* questions asked at once */
const LIST_MAX = 20000; /* codes of a list that are shown */
const VERDICT = {
	supported: ['billable', '✓', 'Supported'], not_supported: ['not_billable', '✕', 'Not supported'], unknown: ['not_checked', '?', 'Not known'],
};
const REASON = {
	supported: 'listed as supporting', listed_not_supporting: 'listed as not supporting', not_on_list: 'not on the closed list',
	conflict: 'listed both ways', policy_without_list: 'an article without a list for it', no_policy: 'no article found: no denial',
	no_contractor: 'no contractor loaded for this place', invalid_dx: 'the diagnosis is not billable on this day', no_data: 'no coverage articles loaded for this day',
};
const LINK = {
	exact: 'the list is this procedure’s', named: 'its paragraph names this procedure',
	assumed: 'assumed from equal group numbers', article_level: 'somewhere in the article',
};
const LIST = { covered: 'supporting', noncovered: 'not supporting', procedures: 'procedures' };
/* Who pays. */
const KINDS = { b: 'Part B', a: 'Part A', dme: 'equipment (DME)' };

const link = (name) => name && [LINK[name] ?? name, (name === 'assumed' || name === 'article_level') && [' ', badge('unsure', 'weak')]];
const quoted = (one) => [one.paragraph && h('blockquote', one.paragraph), one.asterisk_note && h('p', '* ', one.asterisk_note)];
const titled = (one) => [one.url ? h('a', { href: one.url, rel: 'noreferrer' }, one.article) : one.article, ' ', one.title ?? ''];

function verdict(name) {
	const [kind, mark, text] = VERDICT[name] ?? VERDICT.unknown;
	return h(`span.verdict.${kind}`, sign(mark), ' ', text);
}

/* What one article says, with the paragraph that ties list to procedure. */
const vote = (one) => h('li.vote', h('p', h('b', one.text ?? REASON[one.reason] ?? one.reason)), facts([
	one.article && ['Article', titled(one)],
	one.contractor && ['Contractor', `${one.contractor} ${one.contractor_name ?? ''}`], ['States', one.states?.join(' ')],
	['List', one.list && `${LIST[one.list] ?? one.list}, group ${one.group}`], ['Tie', link(one.link)],
	one.effective && ['In effect', [day(one.effective), one.ended && [' – ', day(one.ended)]]],
	one.has_conditions && ['Conditions', 'The text sets further conditions.'], ['See also', one.related?.join(' ')],
]), quoted(one), one.procedure_groups?.filter((group) => group.paragraph).map((group) => h('blockquote', group.paragraph)), source(one.source));

/* Articles that say something first; those that only name the procedure fold. */
function votes(results) {
	const silent = results.filter((one) => one.reason === 'policy_without_list');
	const list = (some) => some.length > 0 && h('ul.votes', some.map(vote));
	return [list(results.filter((one) => !silent.includes(one))),
		silent.length > 0 && h('details', h('summary', `${plural(silent.length, 'article')} name the procedure, without a list for this diagnosis`), list(silent))];
}

const LISTED = [
	{ name: 'Diagnosis', head: true, text: (row) => row.icd10, cell: (row) => [codeLink(row.icd10, 'icd10cm'), row.asterisk && ' *'] }, column('Text', 'text', { class: 'why' }),
	{ name: 'Listed', text: (row) => LIST[row.list] ?? row.list }, column('Article', 'article'), column('Group', 'group', { class: 'number' }),
	{ name: 'Tie', text: (row) => LINK[row.link] ?? row.link }, column('Row', 'row', { class: 'number' }),
];
const NAMED = [
	{ name: 'Article', head: true, text: (row) => row.article, cell: titled }, { name: 'Listed', text: (row) => LIST[row.list] ?? row.list },
	{ name: 'Procedures', text: (row) => row.procedures.map((one) => one.code).join(' '), cell: (row) => row.procedures.map((one) => [codeLink(one.code), ' ']) },
	{ name: 'Paragraph', class: 'why', text: (row) => row.paragraph }, { name: 'Row', class: 'number', text: (row) => row.source?.row },
];

/* The lists of a procedure, or the articles that list a diagnosis: whole. */
function lists(answer, params, signal) {
	if (!answer.items) return null;
	const name = `necessity-${answer.code ?? answer.icd10}`;
	const made = table({ caption: answer.code ? 'Diagnoses of its lists' : 'Articles that list it', columns: answer.code ? LISTED : NAMED, rows: answer.items, name, filterable: true, scrolls: true });
	(async () => {
		let { next } = answer, got = answer.items.length;
		while (next && got < LIST_MAX) {
			const more = await ask('/v1/necessity', { ...params, cursor: next }, signal);
			made.append(more.items);
			got += more.items.length;
			next = more.next;
		}
		if (next) made.status(', the first of more');
	})().catch((problem) => { if (!signal.aborted) made.status(`, not all: ${problem.message}`); });
	return [
		answer.items.length === 0 && h('p', answer.reason ? REASON[answer.reason] : 'No loaded article lists it. That is no denial.'),
		answer.articles?.map((one) => h('details', h('summary', `${one.article} ${one.title ?? ''}`), one.lists.map((list) =>
			[h('p', h('b', `${LIST[list.list] ?? list.list}, group ${list.group}`), ` ${plural(list.codes, 'code')} · `, link(list.link)), quoted(list)]))),
		answer.items.length > 0 && h('div.edits', made.node)];
}

function couple({ code, dx, answer, params }, signal) {
	const title = h('h2', code && codeLink(code), code && dx && ' for ', dx && codeLink(dx, 'icd10cm'), ' ', answer.verdict && verdict(answer.verdict));
	if (answer instanceof Problem) return h('section.couple', title, trouble(answer.message));
	return h('section.couple', title,
		answer.text && h('p', answer.text),
		answer.detail === 'jurisdictions_not_loaded' && params.state && h('p', h('a', { href: to('necessity', { code, icd10: dx, state: '' }) }, 'Ask without a state')),
		answer.stale && h('p', badge('stale', 'stale'), ' The loaded articles are older than this day.'),
		answer.not_loaded?.length > 0 && h('p', muted(`Not loaded: ${answer.not_loaded.join(', ').replaceAll('_', ' ')}`)),
		answer.results && votes(answer.results), lists(answer, params, signal));
}

export async function show({ place, signal, go }) {
	const set = readSet(place.params);
	const { state = '', contractor = '', article = '', kind = '' } = place.params;
	const extra = { state, contractor, article, kind };
	const change = changer(go, 'necessity', extra);
	const codes = set.lines.length > 0 ? [...new Set(set.lines.map((line) => line.code))] : [''];
	const diagnoses = set.dx.length > 0 ? set.dx : [''];
	const couples = codes.flatMap((code) => diagnoses.map((dx) => ({ code, dx, params: { code, icd10: dx, ...extra, kind: kind || USUAL[head.setting], ...asOf(['date']) } })));
	const left = couples.splice(COUPLES_MAX).length;
	const chip = (text, without) => h('span.chip', h('b.code', text), ' ',
		h('button.quiet.remove', { 'aria-label': `Remove ${text}`, onclick: () => change({ ...set, ...without }, 'add') }, '×'));
	const narrow = (name, value, label) => h('label', label, ' ', field({ label, value, size: 8, placeholder: 'any', id: name, onDone: (text) => change(set, name, { [name]: text.toUpperCase() }) }));
	const top = [
		sides('necessity', set, extra), h('h1', 'Does the diagnosis support the procedure?'),
		h('div.controls',
			set.lines.map((line, i) => chip(line.code, { lines: set.lines.filter((_, j) => j !== i) })),
			set.dx.map((dx) => chip(dx, { dx: set.dx.filter((one) => one !== dx) })), adder(set, change)),
		h('div.controls', stateChoice(state, (value) => change(set, 'state', { state: value })),
			choice('Claim', KINDS, kind || USUAL[head.setting], (value) => change(set, 'Claim', { kind: value })),
			narrow('article', article, 'Article'), narrow('contractor', contractor, 'Contractor')),
		left > 0 && trouble(`The page asks ${COUPLES_MAX} couples at a time; ${left} are left out.`),
	];
	if (codes[0] === '' && diagnoses[0] === '')
		return { title: 'Necessity', node: [top, h('p', 'Name a procedure, a diagnosis, or both.')], shown: () => backTo('add') };

	let offered = true;
	await Promise.all(couples.map(async (one) => {
		try {
			one.answer = await ask('/v1/necessity', one.params, signal);
		} catch (problem) {
			if (!isAnswer(problem)) throw problem;
			if (notOffered(problem)) offered = false;
			one.answer = problem;
		}
	}));
	return {
		title: `Necessity: ${[...codes, ...diagnoses].filter(Boolean).join(' ')}`.slice(0, 80),
		said: couples.map((one) => one.answer.verdict && `${one.code} for ${one.dx}: ${(VERDICT[one.answer.verdict] ?? VERDICT.unknown)[2]}`).filter(Boolean).join('. '),
		node: h('div.necessity', top, offered ? couples.map((one) => couple(one, signal))
			: trouble('The program that runs on this server answers no questions on medical necessity. That is no denial: ask the contractor.')),
	};
}
