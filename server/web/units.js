/* units.js - minutes to units, under both rules side by side. */
import { h, columnHead, facts, grid, rowHead, trouble, scroller } from './dom.js';
import { ask, isAnswer, Problem } from './ask.js';
import { theDate } from './place.js';
import { told } from './parse.js';
import { KIND, badge, codeLink, muted, source, plural } from './words.js';
import { begin, lineField, remover, removeHead, backTo } from './lines.js';
import { column, csvButton } from './table.js';

const RULES = {
	cms: ['8-minute rule', 'Medicare and who follows it: timed minutes of the day in one pool'],
	midpoint: ['Midpoint rule', 'AMA, many commercial payers: each code by itself'],
};

function result(rule, answer) {
	const [name, idea] = RULES[rule];
	if (answer instanceof Problem)
		return h('section.rule', { 'aria-label': name }, h('h2', name), trouble(answer.message));
	const spelled = (list) => list.map((one) => `${one.code} × ${one.units}`).join(', ');
	return h('section.rule', { 'aria-label': name }, h('h2', name), h('p.muted', idea),
		h('p.total', h('b', answer.total_units), answer.total_units === 1 ? ' unit' : ' units',
			rule === 'cms' && answer.timed_pool_minutes != null && muted(` · pool ${answer.timed_pool_minutes} min → ${plural(answer.timed_pool_units, 'unit')}`)),
		answer.complete === false && h('p.problem', 'Not every line could be counted.'),
		h('h3', 'Working'), h('ol.working', answer.working.map((step) => h('li', step))),
		answer.tie && h('div.tie', h('h3', 'Tie: equally right'),
			h('ul', answer.alternatives.map((list, i) => h('li', spelled(list), i === 0 && ' (shown above)'))),
			answer.more_alternatives && h('p.muted', 'There are more.')),
		answer.warnings?.length > 0 && h('ul.notes', answer.warnings.map((one) => h('li', one.text))));
}

export async function show(turn) {
	const { set, change, codes, left, sides, adder } = begin(turn, 'units');
	const asked = set.lines.filter((line) => line.minutes !== null);
	const minutes = asked.map((line) => told(line, line.minutes)).join();
	const answers = {};
	if (asked.length > 0) {
		await Promise.all(Object.keys(RULES).map((rule) => ask('/v1/units', { minutes, rule, date: theDate() }, turn.signal)
			.then((answer) => { answers[rule] = answer; })
			.catch((problem) => {
				if (!isAnswer(problem)) throw problem;
				answers[rule] = problem;
			})));
	}
	/* An answer may join lines of one code: units are looked up by code. */
	const units = (rule, line) => {
		const answer = answers[rule];
		if (!answer || answer instanceof Problem || line.minutes === null) return undefined;
		return answer.codes.length === asked.length ? answer.codes[asked.indexOf(line)] : answer.codes.find((one) => one.code === line.code);
	};
	const described = (line) => units('cms', line) ?? units('midpoint', line);
	const rows = set.lines.map((line) => ({ ...line, cms: units('cms', line)?.units, midpoint: units('midpoint', line)?.units, what: described(line) }));
	const columns = [
		column('code', 'code'), { name: 'modifiers', text: (row) => row.modifiers.join(' ') }, column('minutes', 'minutes'),
		column('8-minute rule', 'cms'), column('midpoint rule', 'midpoint'), { name: 'text', text: (row) => row.what?.label },
	];
	const implied = ['cms', 'midpoint'].flatMap((rule) => answers[rule]?.codes?.filter((one) => one.implied).map((one) => `${one.code} × ${one.units}`) ?? []);
	const how = (one) => one?.timed && (one.timed.flag ? [KIND[one.timed.kind] ?? one.timed.kind, one.timed.unit_minutes && ` ${one.timed.unit_minutes} min`] : one.timed.flag === false ? 'not timed' : 'not known whether timed');
	const both = answers.cms?.total_units !== undefined && answers.midpoint?.total_units !== undefined;
	return {
		title: `Units: ${codes}`,
		said: both ? `${answers.cms.total_units} units by the 8-minute rule, ${answers.midpoint.total_units} by the midpoint rule` : 'Units',
		node: h('div.units', sides, h('h1', 'Units from minutes'), left,
			h('div.tablebar', h('span.gap'), csvButton('units', columns, rows)),
			scroller('Lines with minutes and units', grid('unitlines', 'Minutes of each line, and its units under both rules',
				[['Line', 'Modifiers', 'Minutes', '8-minute rule', 'Midpoint rule'].map((name, i) => columnHead(name, i > 1 && 'number')), removeHead()],
				rows.map((row, i) => h('tr',
					rowHead(codeLink(row.code), ' ', h('span.text', row.what?.label ?? ''), ' ', muted(how(row.what))),
					h('td', lineField('modifiers', set, i, change)), h('td.number', lineField('minutes', set, i, change)),
					['cms', 'midpoint'].map((rule) => h('td', { class: `number units${row.cms !== row.midpoint ? ' differs' : ''}` }, row[rule] ?? muted('–'))),
					remover(set, i, change))),
				both && h('tfoot', h('tr', h('th', { scope: 'row', colspan: 2 }, 'All'), h('td.number', asked.reduce((sum, line) => sum + line.minutes, 0)),
					h('td.number.units', answers.cms.total_units), h('td.number.units', answers.midpoint.total_units), h('td.noprint'))))),
			adder,
			both && answers.cms.total_units !== answers.midpoint.total_units && h('p.banner', badge('unsure', 'The rules differ'), ' The payer decides which one holds.'),
			implied.length > 0 && facts([['Counted with them', [...new Set(implied)].join(', ')]]),
			asked.length === 0 ? h('p', 'Write the minutes of each line.') : h('div.halves', Object.keys(RULES).map((rule) => result(rule, answers[rule]))),
			source(described(asked[0] ?? {})?.timed?.source, 'Minutes')),
		shown: () => { if (asked.length === 0 && set.lines.length > 0) backTo('minutes-0'); },
	};
}
