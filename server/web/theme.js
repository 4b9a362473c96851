/* theme.js - light or dark before the first paint; a classic script, so that
 * nothing flashes. Without a choice the system's own setting holds. */
(() => {
	let theme = null;
	try { theme = localStorage.getItem('coderef.theme'); } catch { /* not kept */ }
	if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
})();
