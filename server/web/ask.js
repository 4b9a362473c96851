/* ask.js - questions to the server under /v1, with a small memory, and what is
 * known of the connection. */

const MEMORY = 80; /* answers kept */
const PATIENCE = 15000; /* ms until an answer is given up */

/** What went wrong, in words for a person. `kind`: lost | refused | missing. */
export class Problem extends Error {
	constructor(kind, title, detail, body) {
		super(detail);
		Object.assign(this, { kind, title, body });
	}
}

const answers = new Map();
const listeners = new Set();
let connected = true;

/** Calls back with true or false whenever the connection comes or goes. */
export const onConnection = (callback) => listeners.add(callback);
export const isConnected = () => connected;
export const forget = () => answers.clear();

function connection(now) {
	if (now === connected) return;
	connected = now;
	for (const callback of listeners) callback(now);
}

export function address(path, params) {
	const query = new URLSearchParams();
	for (const [key, value] of Object.entries(params ?? {}))
		if (value != null && value !== '') query.set(key, value);
	const text = query.toString();
	return text === '' ? path : `${path}?${text}`;
}

async function send(url, signal) {
	const limit = AbortSignal.timeout(PATIENCE);
	let response, body;
	try {
		/* 'no-cache' asks whether the answer still holds: a build may be swapped. */
		response = await fetch(url, {
			headers: { Accept: 'application/json' },
			cache: 'no-cache',
			signal: signal ? AbortSignal.any([signal, limit]) : limit,
		});
		body = await response.json().catch((error) => {
			if (response.ok) throw error;
			return null;
		});
	} catch (error) {
		if (signal?.aborted) throw error;
		connection(false);
		throw new Problem('lost', 'No answer from the server',
			limit.aborted ? 'The server did not answer in time.'
				: 'The connection to the server is broken, or the server is not running.');
	}
	connection(true);
	if (!response.ok) {
		const detail = body?.detail ?? `The server answered with status ${response.status}.`;
		throw new Problem(response.status === 404 ? 'missing' : 'refused',
			body?.title ?? 'Refused', detail, body);
	}
	return body;
}

/** Asks, or remembers. Throws Problem, or AbortError when signal is aborted. */
export async function ask(path, params, signal) {
	const url = address(path, params);
	let known = answers.get(url);

	if (known === undefined) {
		known = await send(url, signal);
		if (answers.size >= MEMORY) answers.delete(answers.keys().next().value);
	} else {
		answers.delete(url); /* to the end: the oldest goes first */
	}
	answers.set(url, known);
	return known;
}

/** The same, never out of memory. */
export const askAfresh = (path, params, signal) => send(address(path, params), signal);

/** True when the server has no such question at all: an older server. */
export const notOffered = (problem) =>
	problem instanceof Problem && problem.body?.reason === 'no_such_path';
