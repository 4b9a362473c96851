/* words.js - what the letters and numbers of the files mean, in own words. */
import { h, sign } from './dom.js';
import { toCode } from './place.js';

const SYSTEM = { cpt: 'CPT', hcpcs: 'HCPCS', cdt: 'CDT', icd10cm: 'ICD-10-CM', modifier: 'Modifier', local: 'Local' };
export const systemName = (system) => SYSTEM[system] ?? system ?? 'unknown';

export const VERDICT = {
	not_billable: { sign: '✕', name: 'Not billable together', short: 'not billable' },
	not_checked: { sign: '?', name: 'Not checked', short: 'not checked' },
	modifier_required: { sign: '!', name: 'Modifier required', short: 'in need of a modifier' },
	resolved_by_modifier: { sign: '~', name: 'Resolved by modifier', short: 'resolved by modifier' },
	billable: { sign: '✓', name: 'Billable together', short: 'without an edit in force' },
};
export const WORST = Object.keys(VERDICT);

const TABLE = {
	hcpcs: 'HCPCS Level II', icd10cm: 'ICD-10-CM', conversion: 'ICD-10-CM conversion', poa: 'Present-on-admission exempt',
	aoc: 'Add-on code edits', mue: 'Unit limits (MUE)', ptp: 'Pair edits (NCCI PTP)', dhs: 'Designated health services',
	pfs: 'Physician fee schedule', timed: 'Timed codes', modifier: 'Modifiers', modifier_places: 'Places of modifiers',
	claim_facts: 'Facts for claims', kx: 'Therapy thresholds (KX)', cpt: 'CPT descriptors', local: 'Local codes',
	synonyms: 'Synonyms', article: 'Coverage articles', lcd: 'Local coverage (LCD)', mcd: 'Medicare Coverage Database', coverage: 'Coverage articles and LCDs',
	icd10cm_tabular: 'ICD-10-CM tabular list', icd10cm_index: 'ICD-10-CM index', icd10cm_external: 'ICD-10-CM external causes',
	icd10cm_drug: 'ICD-10-CM table of drugs', icd10cm_neoplasm: 'ICD-10-CM table of neoplasms',
};
/** A name of the API, to be read. */
export const plain = (name) => (name ?? '').replaceAll('_', ' ');
export const tableName = (name) => TABLE[name] ?? plain(name);

export const STATUS = {
	A: 'paid under the fee schedule if covered', B: 'always bundled, never paid alone', C: 'the contractor sets the price',
	D: 'deleted', E: 'excluded by regulation', F: 'deleted, no grace period', G: 'not valid for Medicare, with grace period',
	H: 'deleted modifier', I: 'not valid for Medicare; another code is used', J: 'anaesthesia', M: 'measurement only',
	N: 'not covered by Medicare', P: 'bundled or excluded supply', Q: 'functional limitation reporting',
	R: 'restricted coverage', T: 'paid only when nothing else is payable that day', X: 'outside physician services: another fee schedule',
};
const GLOBAL = {
	'000': 'the day of the procedure only', '010': '10 days after the procedure', '090': '90 days after the procedure',
	MMM: 'maternity', XXX: 'no global period', YYY: 'the contractor decides', ZZZ: 'belongs to the global period of another service',
};
const MULTIPLE = {
	0: 'no reduction', 1: 'reduction of before 1995', 2: 'standard reduction for surgery', 3: 'endoscopy family',
	4: 'imaging reduction', 5: 'therapy: 50% of practice expense on further units', 6: 'cardiovascular, technical part',
	7: 'ophthalmology, technical part', 9: 'does not apply',
};
const PCTC = {
	0: 'physician service, not split', 1: 'splits into 26 and TC', 2: 'professional part only', 3: 'technical part only',
	4: 'global only', 5: 'incident-to', 6: 'laboratory interpretation',
	7: 'therapy, not payable to an independent therapist for hospital patients', 8: 'abnormal smear, interpretation', 9: 'does not apply',
};
const BILATERAL = {
	0: 'no 150% for both sides', 1: '150% for both sides', 2: 'already priced for both sides', 3: '100% for each side', 9: 'does not apply',
};
const ASSISTANT = { 0: 'only with documentation', 1: 'not paid, by statute', 2: 'may be paid', 9: 'does not apply' };
const TEAM = { 0: 'not permitted', 1: 'with documentation', 2: 'permitted', 9: 'does not apply' };
const COSURGEON = { ...TEAM, 2: 'permitted for two specialties' };
const SUPERVISION = { '01': 'general', '02': 'direct', '03': 'personal', '09': 'does not apply' };

export const word = (table) => (value) => [h('b.code', value), ' ', table[value]];
const two = (value) => Number(value).toFixed(2);

/** The fee schedule's columns that the card shows: member, name, how. */
export const PFS = [
	['status', 'Status', word(STATUS)],
	['global_days', 'Global period', word(GLOBAL)],
	['multiple_procedure', 'Multiple procedures', word(MULTIPLE)],
	['pctc', 'Professional / technical', word(PCTC)],
	['bilateral', 'Bilateral', word(BILATERAL)],
	['assistant_surgeon', 'Assistant at surgery', word(ASSISTANT)],
	['co_surgeon', 'Co-surgeons', word(COSURGEON)],
	['team_surgeon', 'Team surgery', word(TEAM)],
	['supervision', 'Supervision of diagnostics', word(SUPERVISION)],
	['endo_base', 'Endoscopic base code', word({})],
];
export const RVU = [
	['work_rvu', 'Work', two],
	['nonfacility_pe_rvu', 'Practice expense, office', two],
	['facility_pe_rvu', 'Practice expense, facility', two],
	['mp_rvu', 'Malpractice', two],
	['nonfacility_total', 'Total, office', two],
	['facility_total', 'Total, facility', two],
	['conversion_factor', 'Conversion factor', (value) => Number(value).toFixed(4)],
];

export const KIND = {
	UNTIMED: 'Not timed', EACH: 'Timed, each', FIRST: 'First block of a family', ADDL: 'Each further block',
	RANGE: 'Chosen by a range of minutes', MINIMUM: 'Chosen by minutes that must be met',
	CUMULATIVE: 'Minutes of a period', DAYS: 'Days of data', UNLISTED: 'Unlisted service',
};
export const INDICATOR = {
	0: 'no modifier opens it', 1: 'a modifier may open it', 9: 'withdrawn, never in force',
};
export const EDIT_STATE = {
	in_force: 'in force', ended: 'ended', not_yet: 'not yet', never: 'never in force', unknown: 'not known for this day',
};
export const EVIDENCE = {
	listed: 'listed in the release of that day', dates: 'by its own dates', agreed: 'the releases around this span agree',
	stale: 'after the last loaded release', gap: 'the releases around this span differ', not_listed: 'not in a release that would list it',
	not_yet: 'before its first day', ended: 'after its last day', none: 'nothing loaded says',
};
const NOTE = {
	old_rule: 'Before 2019-07-01 the modifier had to stand on the column 2 line.',
	implausible_modifier: 'The modifier is not meant for this kind of code.',
	modifier_not_valid_on_date: 'The modifier is not valid on this day.',
	no_published_limit: 'No unit limit is published for it; some limits are confidential.',
};
export const noteText = (note) => NOTE[note] ?? `${plain(note)}.`;

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
/** 2024-07-01 -> 1 Jul 2024, to be read. */
export const dayText = (text) => {
	const [y, m, d] = text.split('-');
	return `${Number(d)} ${MONTHS[m - 1]} ${y}`;
};
/** The same, with the machine's form beside it. */
export const day = (text) => text ? h('time', { datetime: text }, dayText(text)) : null;
export function span(from, to, open = 'open') {
	if (!from && !to) return 'all times';
	if (!from) return ['until ', day(to)];
	if (!to) return ['since ', day(from)];
	return [day(from), ' – ', day(to)];
}

/** 2438766 -> 2,438,766 */
const numbers = new Intl.NumberFormat('en-US');
export const num = (n) => n == null ? n : numbers.format(n);
export const plural = (n, one, many = `${one}s`) => `${num(n)} ${n === 1 ? one : many}`;
export const muted = (...children) => h('span.muted', ...children);
export const codeLink = (code, system) => h('a.code', { href: toCode(code, system) }, code);

/** A sign and a word; colour is never alone. */
export function verdict(name, text) {
	const v = VERDICT[name];
	return h(`span.verdict.${name}`, sign(v.sign), ' ', text ?? v.name);
}
export const badge = (kind, text = kind, title = null) => h('span', { class: `badge ${kind}`, title }, text);

/** "pfs 2024a, PPRRVU24_JAN.csv row 18207", with the whole path on the title. */
export function source(from, label = 'Source') {
	if (!from) return null;
	const short = (from.file ?? '').split('/').pop();
	return h('p.source', { title: from.file },
		`${label}: `, from.table ? `${tableName(from.table)} ` : '',
		from.release === 'own' ? 'this project’s table' : `release ${from.release}`,
		short ? `, ${short}` : '', from.row != null ? ` row ${num(from.row)}` : '');
}
