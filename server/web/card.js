/* card.js - everything that is known of one code on one day. */
import { h, $, fold, replace, section, facts, outside, say, copy, sign, trouble } from './dom.js';
import { ask, askCode, isAnswer } from './ask.js';
import { to, head, isApart, kept, theDate, SETTINGS } from './place.js';
import { systemName, codeLink, muted, PFS, RVU, KIND, EVIDENCE, tableName, badge, day, dayText, span, source, plain, plural, STATUS, word } from './words.js';
import { badges, insteadOf } from './search.js';
import { editList } from './edits.js';
import { stateChoice, USUAL } from './lines.js';
import { pinned, pin, unpin, annotate } from './mine.js';
import { column, dayColumn, plainTable, SOURCE } from './table.js';

/* ---- head */

const validity = ({ valid }) => valid === true ? 'valid' : valid === false ? 'not valid' : 'not known';

function state(card) {
	const on = dayText(card.date);
	const because = card.evidence ? `: ${EVIDENCE[card.evidence.kind]}` : '';
	if (card.valid === true)
		return h('p.state.good', sign('✓'), ` Valid on ${on}`,
			card.stale && `, as of the last loaded release${card.covered_to ? ` (to ${dayText(card.covered_to)})` : ''}`);
	if (card.valid === false)
		return h('p.state.bad', sign('✕'), ` Not valid on ${on}`,
			card.valid_to && card.valid_to < card.date ? `, ended on ${dayText(card.valid_to)}`
				: card.evidence?.kind === 'not_yet' && card.valid_from ? `, begins on ${dayText(card.valid_from)}`
					: because);
	return h('p.state.unsure', sign('?'), ` Validity on ${on} is not known${because}`);
}

function pinBox(card) {
	const place = h('div.pinbox');
	const draw = () => {
		const held = pinned(card.code, card.system);
		replace(place,
			h('button', {
				'aria-pressed': held ? 'true' : 'false', class: 'pin',
				onclick() {
					const kept = held ? unpin(card.code, card.system) : pin({ code: card.code, system: card.system, text: card.text ?? '' });
					draw();
					$('.pin', place).focus();
					say(!kept ? 'This browser does not keep it.' : held ? `${card.code} is no longer pinned` : `${card.code} is pinned`);
				},
			}, held ? '★ Pinned' : '☆ Pin'),
			held && h('label.note', h('span', 'My note'),
				h('textarea', {
					rows: '2', value: held.note, maxlength: '2000', placeholder: 'Only in this browser',
					onchange: (event) => annotate(card.code, card.system, event.target.value),
				})));
	};
	draw();
	return place;
}

function copyButton(card) {
	const button = h('button.copy', { onclick: async () => {
		const done = await copy(`${card.code}\t${card.text ?? ''}`);
		button.textContent = done ? 'Copied' : 'Not copied';
		say(done ? `${card.code} copied` : 'The browser did not copy it');
		setTimeout(() => { button.textContent = 'Copy'; }, 2000);
	} }, 'Copy');
	return button;
}

function headline(card) {
	const { short, long, label } = card.descriptors ?? {};
	const others = [['Short text', short], ['Long text', long], ['Own words', label]].filter(([, text]) => text && text !== card.text);
	const isProcedure = !isApart(card.system);
	return h('header.cardhead',
		h('div.title',
			h('h1', h('span.code', card.code), ' ', h('span.text', card.text ?? 'No text is loaded for this code')),
			h('p.marks', h('span.system', systemName(card.system)), ' ',
				badges({ ...card, valid: true, stale: false })),
			state(card),
			card.replaced_by?.length > 0 && h('p.successor', h('b', 'Replaced by '), card.replaced_by.map((code, i) => [i > 0 && ', ', codeLink(code)])),
			facts(others)),
		h('div.actions', copyButton(card),
			isProcedure && h('a.button', { href: to('pairs', { codes: card.code }) }, 'Check with …'),
			isProcedure && card.timed?.flag && h('a.button', { href: to('units', { minutes: `${card.code}:` }) }, 'Units …'),
			h('button.noprint', { onclick: () => print() }, 'Print'), pinBox(card)));
}

/* ---- validity, as a line of time */

function timeline(card) {
	const periods = card.periods ?? [];
	if (periods.length === 0) return null;
	const kind = ({ valid, evidence }) => valid === true ? (evidence === 'stale' ? 'stale' : 'good') : valid === false ? 'bad' : 'unsure';
	/* Equal neighbours are one piece of the line; the table keeps them apart. */
	const pieces = [];
	for (const period of periods) {
		const last = pieces.at(-1);
		if (last && kind(last) === kind(period)) last.to = period.to;
		else pieces.push({ ...period });
	}
	const holds = ({ from, to: last }) => (!from || from <= card.date) && (!last || card.date <= last);
	const line = h('ol.line', pieces.map((piece) =>
		h('li', { class: `${kind(piece)}${holds(piece) ? ' now' : ''}` },
			h('span.what', validity(piece), kind(piece) === 'stale' && ' (stale)'),
			h('span.span', span(piece.from, piece.to)),
			holds(piece) && h('span.here', 'date of service'))));
	const columns = [
		dayColumn('From', 'from', 'the beginning'), dayColumn('To', 'to', 'open'),
		{ name: 'Valid', text: validity },
		{ name: 'Because', text: (p) => EVIDENCE[p.evidence] },
		{ name: 'Release', text: (p) => p.table ? `${tableName(p.table)} ${p.release === 'own' ? '' : p.release}` : '' },
	];
	return section('Validity', { class: 'wide' }, line,
		fold('Every span and what says so',
			plainTable(`Validity of ${card.code}`, columns, periods, `validity-${card.code}`)));
}

const minutes = (n) => n == null ? null : `${n} minutes`;
const yesNo = (flag) => flag == null ? null : flag ? 'yes' : 'no';

/* A section of facts and the source of them all; none without a fact. */
function known(title, rows, from, props = {}) {
	const list = facts(rows);
	return list && section(title, props, list, source(from));
}

/* ---- time, limits, fees, add-ons */

function timed(card) {
	const t = card.timed;
	if (!t) return null;
	if (t.flag === null)
		return section('Time', {}, h('p', t.reason === 'ended' ? `Its minutes ended${t.to ? ` on ${dayText(t.to)}` : ''}.`
			: 'Whether it is timed is not known: it is in no table of timed codes. That does not mean untimed.'), t.note && h('p', t.note));
	return section('Time', {},
		h('p.big', t.flag ? [KIND[t.kind] ?? t.kind, t.unit_minutes && h('b', ` ${t.unit_minutes} minutes`)] : 'Not timed: minutes make no units'),
		facts([
			['First unit from', minutes(t.minimum_minutes)], ['Medicare: from', minutes(t.medicare_minimum_minutes)],
			['Up to', minutes(t.maximum_minutes)], t.step_minutes !== t.unit_minutes && ['Then every', minutes(t.step_minutes)],
			t.flag && ['8-minute pool', t.cms8_pool === true ? 'counts in it' : t.cms8_pool === false ? 'does not count in it' : 'not known'],
			['Family', t.families?.join(', ')],
			(t.from || t.to) && ['These minutes hold', span(t.from, t.to)],
			['Certainty', { A: 'checked against a published text', B: 'general knowledge', C: 'weak' }[t.certainty]],
			['Note', t.notes], ['Note', t.note],
		]), source(t.source));
}

function therapy(card) {
	const t = card.therapy;
	if (!t || (!t.class && !t.dhs_listed)) return null;
	return known('Therapy', [
		['Class', { always: 'always therapy', sometimes: 'sometimes therapy', no: 'no therapy code' }[t.class]],
		['Certainty', { V: 'shown by the fee schedule or a stored page', K: 'general knowledge', U: 'not checked' }[t.certainty]],
		['Reduced further units (indicator 5)', yesNo(t.multiple_procedure_5)], ['On the list of designated health services', yesNo(t.dhs_listed)],
	], t.source);
}

const NO_LIMIT = { outside: 'not known for this day', gap: 'not known: the releases around this day differ', before: 'not known: before the first loaded release', none: 'not loaded' };

function limits(card) {
	const m = card.mue;
	if (!m) return null;
	const rows = Object.entries(SETTINGS).map(([setting, name]) => ({ setting, name, ...(m[setting] ?? { state: 'none', published: null }) }));
	const value = (row) => row.published === true ? String(row.value)
		: row.published === false ? 'none published' : NO_LIMIT[row.state] ?? 'not known';
	const columns = [
		column('Setting', 'name', { head: true }),
		{
			name: 'Units', class: 'number', text: value,
			cell: (row) => row.published === true ? h('b.limit', row.value)
				: [muted(value(row)), row.uncertain && h('span', ` (${row.uncertain.map((one) => one?.value ?? 'none').join(' or ')})`)],
		},
		{
			name: 'Counted', text: (row) => row.published ? row.meaning : '',
			cell: (row) => row.published === true ? [h('span', { title: row.meaning }, row.mai === 1 ? 'a line' : 'a day', row.mai === 2 ? ', absolute' : row.mai === 3 ? ', more on review' : ''),
				row.value === 0 && h('b', ' never payable here')] : '',
		},
		{ name: 'Release', text: (row) => row.release, cell: (row) => [row.release, row.stale && [' ', badge('stale')]] },
		...SOURCE,
	];
	return section('Unit limits (MUE)', {}, plainTable('Medically unlikely edits by setting', columns, rows.map((row) => ({ ...row, class: row.setting === head.setting ? 'chosen' : null })), `limits-${card.code}`),
		h('p.muted', 'Above the limit all units are denied, not only the surplus. Where none is published there may still be one: some are confidential.'));
}

function fees(card) {
	const p = card.pfs;
	if (!p) return null;
	if (!p.listed)
		return section('Fee schedule', {}, h('p', p.state === 'outside' || p.state === 'before' ? 'No fee schedule is loaded for this day.' : `Not in the fee schedule ${p.release ?? ''}.`));
	const rest = Object.entries(p.modifiers ?? {}).map(([mod, row]) => ({ mod, ...row }));
	const cell = ([member, name, how]) => {
		const either = p.uncertain?.[member];
		if (either) return [name, either.map((value, i) => [i > 0 && ' or ', value === null ? 'none' : how(value)])];
		return [name, p[member] == null || p[member] === '' ? null : how(p[member])];
	};
	const columns = [
		column('Modifier', 'mod', { head: true }),
		/* A letter like the one above is told there. */
		column('Status', 'status', { cell: ({ status }) => STATUS[status] && status !== p.status ? word(STATUS)(status) : status }),
		...RVU.slice(0, 6).map(([member, name, how]) => ({ name, class: 'number', text: (row) => row[member] == null ? '' : how(row[member]) })),
	];
	return section('Fee schedule', { class: 'wide' },
		h('div.halves', facts(PFS.map(cell)), facts(RVU.map(cell), { class: 'facts figures' })),
		rest.length > 0 && plainTable('By modifier', columns, rest, `fees-${card.code}`),
		p.state === 'gap' && h('p.muted', `No release is loaded for this day; ${p.release}${p.next_release ? ` and ${p.next_release}` : ''} around it agree, but where two values stand.`),
		p.stale && h('p.muted', badge('stale'), ` Out of release ${p.release}, whose period has ended.`),
		source(p.source));
}

function addon(card) {
	const a = card.addon;
	if (!a || (!a.is_addon && a.addons?.length === 0)) return null;
	return section('Add-on', {},
		a.is_addon && [h('p.big', `Add-on code, type ${a.type}`), h('p', `${a.meaning}.`, a.contractor_defined && ' The contractor defines the primaries.'), a.note && h('p', a.note)],
		facts([
			a.primaries?.length > 0 && [plural(a.primaries.length, 'primary', 'primaries'), codes(a.primaries)],
			a.addons?.length > 0 && ['Is primary of', codes(a.addons)],
		]), source(a.source));
}

const MANY = 24; /* codes shown before the rest is folded away */
function codes(list) {
	const links = (some) => some.map((code, i) => [i > 0 && ' ', codeLink(code)]);
	return [links(list.slice(0, MANY)), list.length > MANY && [' ', fold(`${list.length - MANY} more`, links(list.slice(MANY)))]];
}

function neighbours(card) {
	const { previous, next } = card.neighbours ?? {};
	if (!previous && !next && !card.section) return null;
	const strip = h('ul.strip');
	const item = (code, text, label) => h('li', label && muted(label, ' '),
		code === card.code ? h('b.code', code) : codeLink(code, card.system), ' ', text);
	const plain = () => replace(strip, previous && item(previous, '', 'before'), next && item(next, '', 'after'));
	plain();
	/* Their texts come a moment later. */
	if (card.system !== 'modifier')
		ask('/v1/codes', { from: previous ?? card.code, limit: previous ? 6 : 5, system: card.system, date: theDate() }).then((answer) => {
			if (answer.items.length > 0) replace(strip, answer.items.map((one) => item(one.code, one.text ?? '')));
		}).catch(() => {});
	const range = card.section && `${card.section.from}-${card.section.to}`;
	return section('Nearby', {}, card.section && h('p', card.section.name, ' ',
		/^[0-9A-Z]{5}-[0-9A-Z]{5}$/.test(range) ? h('a', { href: to('search', { q: range }) }, range) : muted(range)), strip);
}

/* ---- other kinds of codes */

const HCPCS_NAMES = { added: 'Added', action_effective: 'Last action', action: 'Action', terminated: 'Ended', betos: 'BETOS', coverage: 'Coverage' };
const fieldName = (key) => HCPCS_NAMES[key] ?? key[0].toUpperCase() + plain(key.slice(1));
const fieldValue = (value) => Array.isArray(value) ? value.map((one) => typeof one === 'object' ? JSON.stringify(one) : one).join(', ')
	: value === true ? 'yes' : value === false ? 'no' : /^\d{4}-\d\d-\d\d$/.test(value) ? day(value) : String(value);

/* A record whose members need no explaining: name and value. */
function record(title, row, leave = []) {
	const rows = Object.entries(row ?? {}).filter(([key, value]) => value !== null && !leave.includes(key) && (typeof value !== 'object' || Array.isArray(value)));
	return known(title, rows.map(([key, value]) => [fieldName(key), fieldValue(value)]), row?.source);
}

const named = (list) => list.map((one) => h('li', codeLink(one.code, 'icd10cm'), ' ', one.text ?? (one.effective && ['since ', day(one.effective)])));
const KINDS = {
	excludes1: 'Excludes 1: never together', excludes2: 'Excludes 2: not included here', includes: 'Includes', code_first: 'Code first',
	use_additional_code: 'Use an additional code', code_also: 'Code also', inclusion_terms: 'Inclusion terms',
};

/* A diagnosis: what to bill, where it stands in the tree, what the notes say. */
function diagnosis(card) {
	if (card.system !== 'icd10cm') return null;
	const t = card.tabular;
	const seventh = t?.seventh_character;
	const kinds = [...new Set(t?.notes.map((note) => note.kind))].map((kind) => [kind, t.notes.filter((note) => note.kind === kind)]);
	const below = card.header ? card.billable_codes?.length > 0 ? card.billable_codes : card.children : [];
	return [known('On a claim', [
		['Billable', card.billable === true ? 'yes' : card.billable === false ? 'no: it needs more characters' : 'not known for this day'],
		card.poa_exempt != null && ['Present on admission', card.poa_exempt ? 'exempt from reporting' : 'to be reported'],
		card.undotted && ['On the claim form', h('span.code', card.undotted)],
		card.parents?.length > 0 && ['Under', h('ul.strip', named(card.parents))],
		card.conversion?.previous && ['Before', [codeLink(card.conversion.previous, 'icd10cm'), card.conversion.effective && [', new on ', day(card.conversion.effective)]]],
		card.newer_codes?.length > 0 && ['Newer', h('ul.strip', named(card.newer_codes))],
	], card.conversion?.source),
	below?.length > 0 && section('Billable below it', {}, h('ul.strip', named(below)),
		card.billable_codes_more && h('p', h('a', { href: to('search', { q: card.code }) }, 'More'))),
	t && section('Notes of the tabular list', { class: 'wide' },
		t.caution && h('p', badge('stale', 'another release'), ` ${t.caution}.`),
		facts([t.inclusion_terms?.length > 0 && ['Inclusion terms', t.inclusion_terms.map((one) => one.text ?? one).join('; ')],
			seventh && ['7th character', [seventh.note, h('ul.strip', seventh.characters.map((one) => h('li', h('b.code', one.character), ' ', one.text)))]]]),
		kinds.map(([kind, notes]) => [h('h3', KINDS[kind] ?? plain(kind)), h('ul', notes.map((note) =>
			h('li', note.text, note.codes.map((one) => [' ', codeLink(one.code ?? one.from, 'icd10cm'), one.to && `–${one.to}`]), note.inherited && muted(` (of ${note.from})`))))]),
		source({ release: t.release, file: t.file }))];
}

function modifier(card) {
	const m = card.modifier;
	return m && known('The modifier', [
		['Class', m.class_text], ['Effect', m.effect_text],
		m.bypass && ['Opens an edit', m.bypass.flag ? m.bypass.text : 'no'],
		['Note', m.notes], ['Basis', m.basis],
	], m.source, { class: 'wide' });
}

/* ---- what comes from elsewhere */

/* Articles that name the code, on the day: those in force in the chosen state
 * first, the others folded. */
function policies(card, signal) {
	const found = card.policies;
	const diagnosis = card.system === 'icd10cm';
	const asked = diagnosis ? { icd10: card.code } : { code: card.code };
	const place = h('div');
	const columns = [
		{ name: 'Article', head: true, text: (row) => row.id, cell: (row) => outside(row.url, row.id) },
		column('Title', 'title', { class: 'why' }), dayColumn('In effect', 'effective'), ...SOURCE,
	];
	const list = (words, items) => plainTable(`${plural(items.length, 'article')} ${items.length === 1 ? 'names' : 'name'} this code${words}${found.cut ? '; the first are shown' : ''}`, columns, items, `policies-${card.code}`);
	const further = h('a', 'Ask with a diagnosis or a procedure');
	const draw = async (state) => {
		further.href = to('necessity', asked);
		if (!found?.total) return;
		if (!state) {
			replace(place, list('', found.items));
			return;
		}
		try {
			const answer = await ask('/v1/necessity', { ...asked, state, kind: USUAL[head.setting], date: theDate(), limit: diagnosis ? 200 : 1 }, signal);
			if (answer.reason === 'no_contractor') {
				replace(place, h('p', badge('unsure', `not known for ${state}`), answer.detail === 'jurisdictions_not_loaded'
					? ' The loaded release does not tell which contractor serves a state' : ' No contractor of this kind of claim is loaded for it', ', so all are shown.'), list('', found.items));
				return;
			}
			const here = new Set((answer.articles ?? answer.items).map((one) => one.article));
			const [there, rest] = [true, false].map((is) => found.items.filter((one) => here.has(one.id) === is));
			replace(place, there.length > 0 ? list(`, in force in ${state}`, there) : h('p', `No article in force in ${state} names this code. That is no denial.`),
				rest.length > 0 && fold(`${plural(rest.length, 'article')} of other places or kinds of claim`, list(' elsewhere', rest)));
		} catch (problem) {
			if (!signal.aborted) replace(place, trouble(problem.message), list('', found.items));
		}
	};
	const state = kept('state');
	draw(state);
	return section('Coverage policies', { class: 'wide' },
		!found ? h('p.muted', 'No coverage articles are loaded for this day.')
			: found.total === 0 ? h('p', 'No loaded article names this code. That is no denial.')
				: [h('div.controls', stateChoice(state, draw)), place],
		h('p', further));
}

function sources(card) {
	const columns = [
		{ name: 'Table', head: true, text: (row) => tableName(row.table) },
		{ name: 'Release', text: (row) => row.release === 'own' ? 'own' : row.release },
		column('File', 'file', { class: 'path' }), column('Row', 'row', { class: 'number' }),
	];
	const asked = (card.releases ?? []).map((one) => ({ ...one, label: [tableName(one.table), one.setting, one.release === 'own' ? '' : one.release].filter(Boolean).join(' ') }));
	return section('Sources', { class: 'wide' },
		plainTable(`Where the facts on ${card.code} stand`, columns, card.sources ?? [], `sources-${card.code}`),
		fold(`${plural(asked.length, 'release')} asked`,
			h('ul', asked.map((one) => h('li', one.label, one.from && [': ', span(one.from, one.to)], ' ',
				one.stale ? badge('stale') : one.state === 'outside' || one.state === 'before' ? badge('unsure', 'does not cover this day') : one.state === 'gap' ? badge('unsure', 'gap') : '')))));
}

export async function showCard({ place, signal, build }) {
	const code = place.code.trim();
	let card;
	try {
		card = await askCode(code, { date: theDate(), system: place.params.system }, signal);
	} catch (problem) {
		if (!isAnswer(problem)) throw problem;
		return {
			title: code, said: problem.message,
			node: [h('h1', `${code}: nothing loaded`), trouble(problem.message),
				h('p', 'A code that is not loaded may still exist: see ', h('a', { href: to('releases') }, 'what is loaded'), '.'), await insteadOf(code, signal)],
		};
	}
	const edits = card.edits && Object.values(card.edits).some((one) => one !== null);
	const policy = card.system === 'modifier' ? null : policies(card, signal);
	return {
		title: card.code,
		said: `${card.code}, ${card.text ?? ''}, ${validity(card)}`,
		node: h('article.card', headline(card),
			card.also?.length > 0 && h('p.also', 'Also spelled so: ', card.also.map((system) =>
				[h('a', { href: to('code', { code: card.undotted ?? card.code, system }) }, systemName(system)), ' '])),
			h('div.sections', timed(card), limits(card), addon(card), therapy(card), diagnosis(card), modifier(card), neighbours(card),
				record('HCPCS Level II', card.hcpcs, ['long_description', 'short_description']), record('Local code', card.local),
				timeline(card), fees(card)),
			edits && section('Pair edits', { class: 'wide', id: 'edits' }, editList({ code: card.code, signal, build })),
			policy, sources(card)),
	};
}
