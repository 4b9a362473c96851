/* releases.js - what is loaded, until when, and what changed. */
import { h, section, facts, replace } from './dom.js';
import { ask, askAfresh, notOffered } from './ask.js';
import { SETTINGS, head } from './place.js';
import { codeLink, tableName, badge, num, plural, muted } from './words.js';
import { column, dayColumn, table } from './table.js';

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

/* What happened since the day that the newest release begins, or another. */
function changes(releases, signal) {
	const begins = [...new Set(releases.map((one) => one.from).filter(Boolean))].sort().reverse();
	const place = h('div');
	const choice = h('select', { onchange: load, 'aria-label': 'Changes since' }, begins.map((from) => h('option', { value: from }, from)));
	async function load() {
		try {
			const { items, next } = await ask('/v1/changes', { from: choice.value, to: head.today, limit: 1000 }, signal);
			const keys = Object.keys(items[0] ?? {}).filter((key) => items.some((row) => row[key] !== null && typeof row[key] !== 'object'));
			replace(place, next && h('p', 'The first 1,000:'), table({
				caption: `Changes since ${choice.value}`, filterable: true, rows: items, name: 'changes',
				columns: keys.map((key) => column(key.replaceAll('_', ' '), key, key === 'code' && { head: true, cell: (row) => codeLink(row.code) })),
			}).node);
		} catch (problem) {
			if (!signal.aborted) replace(place, h('p.muted', notOffered(problem) ? 'This server does not answer what changed between releases.' : problem.message));
		}
	}
	if (begins.length > 0) load();
	return section('What changed', {}, h('label', 'Since ', choice), place);
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
