/* edits.js - every pair edit of a code: both columns, each setting. */
import { h, choice, replace, retry, say, sign } from './dom.js';
import { askCode } from './ask.js';
import { to, toCode, asOf, head, theDate, SETTINGS } from './place.js';
import { codeLink, day, muted, num, plural, INDICATOR, EDIT_STATE } from './words.js';
import { column, dayColumn, table, SOURCE } from './table.js';

const PAGE = 1000; /* edits asked at a time: the server's most */

function columns(code) {
	const other = (edit) => edit.column1 === code ? edit.column2 : edit.column1;
	return [
		{ name: 'With', head: true, text: other, cell: (edit) => codeLink(other(edit)) },
		{
			name: 'Denied', text: (edit) => edit.column2,
			cell: (edit) => edit.column2 === code ? h('b', 'this code') : [h('span.code', edit.column2)],
		},
		{
			name: 'Modifier', text: (edit) => INDICATOR[edit.modifier_indicator],
			cell: (edit) => h('span', { class: edit.state === 'in_force' || edit.state === 'unknown' ? `verdict ${['not_billable', 'modifier_required'][edit.modifier_indicator] ?? ''}` : 'muted' },
				sign(['✕', '!'][edit.modifier_indicator] ?? '–'), ' ', INDICATOR[edit.modifier_indicator]),
		},
		{
			...dayColumn('First day', 'effective'), cell: (edit) => edit.effective ? [day(edit.effective),
				edit.effective_inferred && h('span.muted', { title: 'Not published: inferred from the rows around it' }, ' (inferred)')] : muted('not known'),
		},
		dayColumn('Last day', 'deleted', 'open'),
		{ name: 'State', text: (edit) => EDIT_STATE[edit.state] },
		column('Reason', 'rationale', { class: 'why' }), ...SOURCE,
		{ name: 'Look at', text: () => '', class: 'noprint', cell: ({ column1, column2 }) => h('a', { href: to('pairs', { codes: `${column1},${column2}` }), 'aria-label': `Pair ${column1} with ${column2}` }, 'pair') },
	];
}

/* Of an edit that was asked for without a day. */
function stateOn({ state, effective, deleted }, date) {
	if (state === 'never') return state;
	if (deleted && deleted < date) return 'ended';
	if (effective && effective > date) return 'not_yet';
	return date <= head.coveredTo ? 'in_force' : 'unknown';
}

/** The list with its controls; asks until signal is aborted. */
export function editList({ code, signal, start = {}, build }) {
	const state = { setting: start.setting ?? head.setting, column: start.column ?? 'any', ended: start.ended ?? false };
	const holder = h('div');
	const note = h('p.muted', { role: 'status' });
	let asking = null;

	const choose = (name, label, options) => choice(label, options, state[name], (value) => { state[name] = value; load(); });
	const controls = h('div.controls',
		choose('setting', 'Setting', SETTINGS),
		choose('column', 'Column', { any: 'both columns', 1: `${code} is paid (column 1)`, 2: `${code} is denied (column 2)` }),
		h('label.check', h('input', {
			type: 'checkbox', checked: state.ended, onchange: (event) => { state.ended = event.target.checked; load(); },
		}), ' also edits not in force'));

	async function load() {
		asking?.abort();
		const mine = asking = new AbortController();
		const stop = AbortSignal.any([signal, mine.signal]);
		/* With a date the server leaves out what is not in force on it. */
		const params = { ...asOf(), date: state.ended ? null : theDate(), setting: state.setting, limit: PAGE, column: state.column === 'any' ? null : state.column };
		const kept = (items) => state.ended ? items.map((edit) => ({ ...edit, state: stateOn(edit, theDate()) })) : items;
		let list = null, got = 0;

		try {
			let answer = await askCode(code, params, stop, '/edits');
			if (!answer.loaded) {
				replace(holder);
				note.textContent = `No pair edits of this setting are loaded (${SETTINGS[state.setting]}, ${head.program}).`;
				return;
			}
			list = table({
				caption: `Edits of ${code}, ${SETTINGS[state.setting]}, on ${theDate()}`, columns: columns(code), rows: kept(answer.items),
				name: `edits-${code}-${state.setting}`, filterable: true, scrolls: true, empty: state.ended ? 'No edit of this code is loaded.' : 'No edit of this code is in force on this day.',
			});
			replace(holder, list.node);
			got = answer.items.length;
			const c = answer.counts ?? {}; /* those of the first page hold for all */
			const { total } = c;
			const counted = (done) => {
				note.textContent = [
					c.column1 != null && `In force: column 1 ${num(c.column1)}, column 2 ${num(c.column2)}.`,
					total != null && `${plural(total, 'row')} of all times.`,
					!state.ended && !answer.covered && answer.stale && 'The loaded edits end before this day: whether they are in force is not known.',
					!done && total != null && `Loading ${num(got)} …`,
				].filter(Boolean).join(' ');
			};
			while (answer.next) {
				counted(false);
				answer = await askCode(code, { ...params, cursor: answer.next }, stop, '/edits');
				got += answer.items.length;
				list.append(kept(answer.items));
			}
			counted(true);
			say(note.textContent);
		} catch (problem) {
			if (stop.aborted) return;
			if (problem.kind === 'refused' && got > 0 && await build?.().catch(() => false)) return;
			note.textContent = '';
			const again = retry(`${got > 0 ? `Only ${plural(got, 'row')} could be loaded. ` : ''}${problem.message}`, () => { again.remove(); load(); });
			if (list === null) replace(holder, again);
			else holder.prepend(again);
		}
	}
	load();
	return h('div.edits', controls, note, holder);
}

export async function showEdits({ place, signal, build }) {
	const code = place.code.toUpperCase();
	const column = ['1', '2'].includes(place.params.column) ? place.params.column : 'any';
	/* Says whether there is such a code before there is a page about it. */
	const card = await askCode(code, { date: theDate() }, signal);
	return {
		title: `Edits of ${card.code}`,
		node: [h('p.crumb', h('a', { href: toCode(card.code) }, card.code), ` ${card.text ?? ''}`),
			h('h1', `Edits of ${card.code}`), editList({ code: card.code, signal, start: { column }, build })],
	};
}
