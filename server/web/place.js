/* place.js - where one is: view and question <-> address. Date, setting and
 * program stand in the head of the page and go with every question. */

export const SETTINGS = { practitioner: 'Practitioner', outpatient: 'Outpatient hospital', dme: 'Equipment supplier (DME)' };
const PROGRAMS = { medicare: 'Medicare', medicaid: 'Medicaid' };

/** What the head of the page says. `date` '' is: not chosen, use the default. */
export const head = {
	date: '', setting: 'practitioner', program: 'medicare',
	defaultDate: '', today: '', coveredTo: '', build: '',
};

export const isDay = (text) => {
	if (!/^\d{4}-\d\d-\d\d$/.test(text ?? '')) return false;
	const day = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(text);
};
export const theDate = () => head.date || head.defaultDate || head.today;

/** What was chosen once and holds from then on, in this browser. */
export function kept(name) {
	try { return localStorage.getItem(`coderef.${name}`) ?? ''; } catch { return ''; }
}
export function keep(name, value) {
	try { localStorage.setItem(`coderef.${name}`, value); } catch { /* holds in the address only */ }
	return value;
}

/** Date, setting and program for a question to /v1. */
export const asOf = () => ({ date: theDate(), setting: head.setting, program: head.program });

const VIEWS = new Set(['search', 'pairs', 'units', 'necessity', 'claim', 'changes', 'releases', 'my']);
const NO_DATE = new Set(['start', 'my', 'releases', 'changes']);

/** The place that an address means: {view, code?, params, mark, head}. */
export function read(href) {
	const url = new URL(href);
	const parts = url.pathname.split('/').filter(Boolean).map((part) => {
		try { return decodeURIComponent(part); } catch { return part; }
	});
	const { date, setting, program, ...params } = Object.fromEntries(url.searchParams);
	const place = { view: 'unknown', params, mark: url.hash.slice(1) };

	if (parts.length === 0) place.view = 'start';
	else if (parts.length === 1 && VIEWS.has(parts[0])) place.view = parts[0];
	else if (parts[0] === 'code' && parts.length === 2) Object.assign(place, { view: 'code', code: parts[1] });
	else if (parts[0] === 'code' && parts[2] === 'edits' && parts.length === 3)
		Object.assign(place, { view: 'edits', code: parts[1] });
	place.head = {
		date: isDay(date) ? date : '',
		setting: setting in SETTINGS ? setting : 'practitioner',
		program: program in PROGRAMS ? program : 'medicare',
	};
	return place;
}

/** The address of a view. Date and setting are in it, so that a link says
 * tomorrow what it says today. */
export function to(view, params = {}, mark = '') {
	const query = new URLSearchParams();
	const { code, ...others } = params;
	const path = { start: '/', code: `/code/${encodeURIComponent(code)}`, edits: `/code/${encodeURIComponent(code)}/edits` }[view] ?? `/${view}`;

	if (view === 'code' || view === 'edits') params = others;
	/* /v1/necessity names procedures by code=, without modifiers. */
	if (view === 'necessity' && params.codes) {
		const bare = params.codes.replace(/:[^,]*/g, '');
		params = { code: bare, ...params, codes: bare === params.codes ? '' : params.codes };
	}
	if (view === 'necessity' || view === 'claim') params = { state: kept('state'), ...params };
	for (const [key, value] of Object.entries(params))
		if (value != null && value !== '') query.set(key, value);
	if ((!NO_DATE.has(view) || head.date) && theDate()) query.set('date', theDate());
	if (head.setting !== 'practitioner') query.set('setting', head.setting);
	if (head.program !== 'medicare') query.set('program', head.program);
	/* Commas and colons may stand in a query; readable addresses are shared. */
	const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
	return path + (text ? `?${text}` : '') + (mark ? `#${mark}` : '');
}

/* Systems whose codes may be spelled as a procedure is. */
const APART = ['icd10cm', 'modifier'];
export const isApart = (system) => APART.includes(system);
export const toCode = (code, system) => to('code', { code, system: isApart(system) ? system : null });
