/* releases.js - what is loaded, and until when. */
import { h, section, facts } from './dom.js';
import { askAfresh } from './ask.js';
import { SETTINGS } from './place.js';
import { tableName, badge, num, plural, muted } from './words.js';
import { column, dayColumn, table } from './table.js';

const COLUMNS = [
	{ name: 'Table', head: true, text: (one) => tableName(one.table) },
	{ name: 'Setting', text: (one) => SETTINGS[one.setting] },
	column('Program', 'program'),
	{ name: 'Release', text: (one) => one.release === 'own' ? 'this project’s own' : one.release },
	dayColumn('From', 'from'), dayColumn('To', 'to'), dayColumn('Published', 'published'),
	{
		name: 'State', text: (one) => [one.stale && 'stale', one.partial && 'in part', !one.newest && 'older'].filter(Boolean).join(' ') || 'newest',
		cell: (one) => [one.stale && badge('stale'), one.partial && badge('ended', 'loaded in part'),
			!one.newest ? muted('older') : !one.stale && badge('billable', 'newest')],
	},
];

export async function show({ signal }) {
	const answer = await askAfresh('/v1/releases', {}, signal);
	const files = answer.releases.filter((one) => one.release !== 'own');
	const own = answer.releases.filter((one) => one.release === 'own');
	const stale = files.filter((one) => one.stale);
	const { build } = answer;
	const list = table({ caption: 'Releases', columns: COLUMNS, rows: files, name: 'releases', empty: 'None: only this project’s own tables.', filterable: files.length > 20 });
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
			]))],
	};
}
