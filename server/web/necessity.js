/* necessity.js - what the loaded articles say of a procedure with a diagnosis;
 * of one of the two alone, their lists. */
import { h, choice, cross, facts, fold, outside, trouble } from './dom.js';
import { ask, isAnswer, Problem } from './ask.js';
import { to, head, theDate } from './place.js';
import { badge, codeLink, day, muted, plain, plural, source, verdict } from './words.js';
import { begin, field, stateChoice, USUAL, backTo } from './lines.js';
import { column, table } from './table.js';

const COUPLES_MAX = 24; /* questions asked at once */
const LIST_MAX = 20000; /* codes of a list that are shown */
const VERDICT = { supported: ['billable', 'Supported'], not_supported: ['not_billable', 'Not supported'], unknown: ['not_checked', 'Not known'] };
/* Why a list is empty. */
const REASON = {
	no_contractor: 'No contractor is loaded for this place.', no_data: 'No coverage articles are loaded for this day.',
	invalid_dx: 'The diagnosis is not billable on this day.',
};
const LINK = {
	exact: 'the list is this procedure’s', named: 'its paragraph names this procedure',
	assumed: 'assumed from equal group numbers', article_level: 'somewhere in the article',
};
const LIST = { covered: 'supporting', noncovered: 'not supporting', procedures: 'procedures' };
/* Who pays. */
const KINDS = { b: 'Part B', a: 'Part A', dme: 'equipment (DME)' };

const saysOf = (answer) => VERDICT[answer.verdict] ?? VERDICT.unknown;
const link = (name) => name && [LINK[name], (name === 'assumed' || name === 'article_level') && [' ', badge('unsure', 'weak')]];
const quoted = (one) => [one.paragraph && h('blockquote', one.paragraph), one.asterisk_note && h('p', '* ', one.asterisk_note)];
const titled = (one) => [outside(one.url, one.article), ' ', one.title ?? ''];

/* What one article says, with the paragraph that ties list to procedure. */
const vote = (one) => h('li.vote', h('p', h('b', one.text)), facts([
	one.article && ['Article', titled(one)],
	one.contractor && ['Contractor', `${one.contractor} ${one.contractor_name ?? ''}`], ['States', one.states?.join(' ')],
	['List', one.list && `${LIST[one.list]}, group ${one.group}`], ['Tie', link(one.link)],
	one.effective && ['In effect', [day(one.effective), one.ended && [' – ', day(one.ended)]]],
	one.has_conditions && ['Conditions', 'The text sets further conditions.'], ['See also', one.related?.join(' ')],
]), quoted(one), one.procedure_groups?.filter((group) => group.paragraph).map((group) => h('blockquote', group.paragraph)), source(one.source));

/* Articles that say something first; those that only name the procedure fold. */
function votes(results) {
	const silent = results.filter((one) => one.reason === 'policy_without_list');
	const list = (some) => some.length > 0 && h('ul.votes', some.map(vote));
	return [list(results.filter((one) => !silent.includes(one))),
		silent.length > 0 && fold(`${plural(silent.length, 'article')} name the procedure, without a list for this diagnosis`, list(silent))];
}

const WHICH = { name: 'Listed', text: (row) => LIST[row.list] };
const LISTED = [
	{ name: 'Diagnosis', head: true, text: (row) => row.icd10, cell: (row) => [codeLink(row.icd10, 'icd10cm'), row.asterisk && ' *'] }, column('Text', 'text', { class: 'why' }),
	WHICH, column('Article', 'article'), column('Group', 'group', { class: 'number' }),
	{ name: 'Tie', text: (row) => LINK[row.link] }, column('Row', 'row', { class: 'number' }),
];
const NAMED = [
	{ name: 'Article', head: true, text: (row) => row.article, cell: titled }, WHICH,
	{ name: 'Procedures', text: (row) => row.procedures.map((one) => one.code).join(' '), cell: (row) => row.procedures.map((one) => [codeLink(one.code), ' ']) },
	column('Paragraph', 'paragraph', { class: 'why' }), { name: 'Row', class: 'number', text: (row) => row.source?.row },
];

/* The lists of a procedure, or the articles that list a diagnosis: whole. */
function lists(answer, params, signal) {
	if (!answer.items) return null;
	const name = `necessity-${answer.code ?? answer.icd10}`;
	const made = table({ caption: answer.code ? 'Diagnoses of its lists' : 'Articles that list it', captioned: true, columns: answer.code ? LISTED : NAMED, rows: answer.items, name, filterable: true, scrolls: true });
	const rest = async () => {
		let { next } = answer;
		while (next && made.length() < LIST_MAX) {
			const more = await ask('/v1/necessity', { ...params, cursor: next }, signal);
			made.append(more.items);
			({ next } = more);
		}
		if (next) made.status(', the first of more');
	};
	rest().catch((problem) => { if (!signal.aborted) made.status(`, not all: ${problem.message}`); });
	return [
		answer.items.length === 0 && h('p', REASON[answer.reason] ?? 'No loaded article lists it. That is no denial.'),
		answer.articles?.map((one) => fold(`${one.article} ${one.title ?? ''}`, one.lists.map((list) =>
			[h('p', h('b', `${LIST[list.list]}, group ${list.group}`), ` ${plural(list.codes, 'code')} · `, link(list.link)), quoted(list)]))),
		answer.items.length > 0 && h('div.edits', made.node)];
}

function couple({ code, dx, answer, params }, signal) {
	const title = h('h2', code && codeLink(code), code && dx && ' for ', dx && codeLink(dx, 'icd10cm'), ' ', answer.verdict && verdict(...saysOf(answer)));
	if (answer instanceof Problem) return h('section.couple', title, trouble(answer.message));
	return h('section.couple', title,
		answer.text && h('p', answer.text),
		answer.detail === 'jurisdictions_not_loaded' && params.state && h('p', h('a', { href: to('necessity', { code, icd10: dx, state: '' }) }, 'Ask without a state')),
		answer.stale && h('p', badge('stale'), ' The loaded articles are older than this day.'),
		answer.not_loaded?.length > 0 && h('p', muted(`Not loaded: ${plain(answer.not_loaded.join(', '))}`)),
		answer.results && votes(answer.results), lists(answer, params, signal));
}

export async function show(turn) {
	const { place, signal } = turn;
	const { state = '', contractor = '', article = '', kind = '' } = place.params;
	const payer = kind || USUAL[head.setting];
	const extra = { state, contractor, article, kind };
	const { set, change, sides, adder } = begin(turn, 'necessity', extra);
	const codes = set.lines.length > 0 ? [...new Set(set.lines.map((line) => line.code))] : [''];
	const diagnoses = set.dx.length > 0 ? set.dx : [''];
	const couples = codes.flatMap((code) => diagnoses.map((dx) => ({ code, dx, params: { code, icd10: dx, ...extra, kind: payer, date: theDate() } })));
	const left = couples.splice(COUPLES_MAX).length;
	const chip = (text, without) => h('span.chip', h('b.code', text), ' ', cross(`Remove ${text}`, () => change({ ...set, ...without }, 'add')));
	const narrow = (name, value, label) => h('label', label, ' ', field({ label, value, size: 8, placeholder: 'any', id: name, onDone: (text) => change(set, name, { [name]: text.toUpperCase() }) }));
	const top = [
		sides, h('h1', 'Does the diagnosis support the procedure?'),
		h('div.controls',
			set.lines.map((line, i) => chip(line.code, { lines: set.lines.filter((_, j) => j !== i) })),
			set.dx.map((dx) => chip(dx, { dx: set.dx.filter((one) => one !== dx) })), adder),
		h('div.controls', stateChoice(state, (value) => change(set, 'state', { state: value })),
			choice('Claim', KINDS, payer, (value) => change(set, 'Claim', { kind: value })),
			narrow('article', article, 'Article'), narrow('contractor', contractor, 'Contractor')),
		left > 0 && trouble(`The page asks ${COUPLES_MAX} couples at a time; ${left} are left out.`),
	];
	if (codes[0] === '' && diagnoses[0] === '')
		return { title: 'Necessity', node: [top, h('p', 'Name a procedure, a diagnosis, or both.')], shown: () => backTo('add') };

	await Promise.all(couples.map(async (one) => {
		try {
			one.answer = await ask('/v1/necessity', one.params, signal);
		} catch (problem) {
			if (!isAnswer(problem)) throw problem;
			one.answer = problem;
		}
	}));
	return {
		title: `Necessity: ${[...codes, ...diagnoses].filter(Boolean).join(' ')}`,
		said: couples.map((one) => one.answer.verdict && `${one.code} for ${one.dx}: ${saysOf(one.answer)[1]}`).filter(Boolean).join('. '),
		node: h('div.necessity', top, couples.map((one) => couple(one, signal))),
	};
}
