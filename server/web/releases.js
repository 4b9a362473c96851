/* releases.js - what is loaded, until when, and what changed. */
import { h, section, facts, replace } from './dom.js';
import { ask, askAfresh, notOffered } from './ask.js';
import { SETTINGS, head } from './place.js';
import { codeLink, tableName, badge, num, plural, muted } from './words.js';
import { column, dayColumn, table } from './table.js';

const CHANGES_MAX = 2000; /* changes shown */

const COLUMNS = [
	{ name: 'Table', head: true, text: (one) => tableName(one.table) },
	{ name: 'Setting', text: (one) => SETTINGS[one.setting] ?? one.setting },
	column('Program', 'program'),
	{ name: 'Release', text: (one) => one.release === 'own' ? 'this project’s own' : one.release },
	dayColumn('From', 'from'), dayColumn('To', 'to'), dayColumn('Published', 'published'),
	{
		name: 'State', text: (one) => [one.stale && 'stale', one.partial && 'in part', !one.newest && 'older'].filter(Boolean).join(' ') || 'newest',
		cell: (one) => [one.stale && badge('stale', 'stale'), one.partial && badge('ended', 'loaded in part'),
			!one.newest ? muted('older') : !one.stale && badge('billable', 'newest')],
	},
];

/* The last two beginnings of a release: what happened between them. */
function changes(releases, signal) {
	const begins = [...new Set(releases.map((one) => one.from).filter(Boolean))].sort();
	const place = h('div');
	const choice = h('select', { onchange: load, 'aria-label': 'Changes since' }, begins.slice().reverse().map((from) => h('option', { value: from }, from)));
	async function load() {
		replace(place, h('p.muted', 'Looking …'));
		try {
			const params = { from: choice.value, to: head.today, limit: 1000 };
			let answer = await ask('/v1/changes', params, signal);
			const rows = [...answer.items];
			while (answer.next && rows.length < CHANGES_MAX) {
				answer = await ask('/v1/changes', { ...params, cursor: answer.next }, signal);
				rows.push(...answer.items);
			}
			const keys = [...new Set(rows.flatMap(Object.keys))].filter((key) => rows.some((row) => row[key] !== null && typeof row[key] !== 'object'));
			replace(place, table({
				caption: `Changes since ${choice.value}`, hideCaption: true, filterable: true, rows, name: 'changes', empty: 'No change between the loaded releases.',
				columns: keys.map((key) => ({
					name: key.replaceAll('_', ' '), head: key === 'code', text: (row) => row[key],
					cell: key === 'code' ? (row) => codeLink(row.code) : undefined,
				})),
			}).node);
		} catch (problem) {
			if (signal.aborted) return;
			replace(place, h('p.muted', notOffered(problem) ? 'This server does not answer what changed between releases.' : problem.message));
		}
	}
	if (begins.length > 0) load();
	return section('What changed', {}, h('div.controls', h('label', 'Since ', choice)), place);
}

export async function showReleases({ signal }) {
	const answer = await askAfresh('/v1/releases', {}, signal);
	const files = answer.releases.filter((one) => one.release !== 'own');
	const own = answer.releases.filter((one) => one.release === 'own');
	const stale = files.filter((one) => one.stale);
	const { build } = answer;
	const list = table({ caption: 'Releases', hideCaption: true, columns: COLUMNS, rows: files, name: 'releases', empty: 'None: only this project’s own tables.', filterable: files.length > 20 });
	return {
		title: 'What is loaded', said: `${plural(files.length, 'release')}, ${stale.length} stale`,
		node: [h('h1', 'What is loaded'),
			build.starter && h('p.banner', h('b', 'The starter set is loaded: '), 'a few hundred codes to look around with, not for billing. An absence proves nothing here.'),
			stale.length > 0 && h('p.banner', h('b', `${plural(stale.length, 'release')} stale: `),
				`their period ended before ${answer.date}. Answers after it say so; a year later they are not checked.`),
			list.node,
			own.length > 0 && h('p.muted', `This project’s own tables: ${own.map((one) => tableName(one.table).toLowerCase()).join(', ')}.`),
			section('The build', {}, facts([
				['Build', h('span.code', build.id)], ['Program', build.program], ['Codes', num(build.codes)],
				['Licensed descriptions', build.licensed ? 'loaded under your licence' : 'left out: codes and facts only'],
			])),
			changes(files, signal)],
	};
}
