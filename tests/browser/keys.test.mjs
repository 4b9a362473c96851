// By keys alone: every control is reached, in order, and seen when it is.
import { assert, pageTest } from './lib/page_test.mjs';

const STATES = {
    '/search?q=therap': '.hit',
    '/code/97110': '#edits tbody tr',
    '/pairs?codes=97150,97110,97124&date=2024-07-01': '.reason h2',
    '/units?minutes=97112:20,97110:20': '.tie',
    '/necessity?codes=97110&icd10=M54.50': '.couple',
    '/claim?codes=97150:GP,97110:GP&icd10=M54.50&date=2024-07-01':
        '.tablebox tbody tr',
    '/changes?from=2019-12-31&to=2020-01-02': '.tablebox tbody tr',
    '/releases': 'tbody tr',
    '/my': 'h1',
};

// Elements that the Tab key should come to, in the order of the page.
const controls = (page) => page.evaluate(() =>
    [...document.querySelectorAll('a[href], button, input, select, textarea, ' +
        'summary, [tabindex="0"]')].filter((one) => one.tabIndex >= 0 &&
        !one.disabled && one.checkVisibility() &&
        !(one.matches('input[type=file].unseen') && one.hidden)).length);

pageTest('the Tab key comes to every control and shows where it is',
    async ({ page, visit }) => {
        for (const [path, selector] of Object.entries(STATES)) {
            await visit(path);
            await page.locator(`main ${selector}`).first().waitFor();
            await page.waitForLoadState('networkidle');
            const wanted = await controls(page);
            await page.evaluate(() => {
                document.activeElement.blur();
                globalThis.met = new Set();
                globalThis.hidden = [];
                document.addEventListener('focusin', ({ target }) => {
                    const style = getComputedStyle(target);
                    const row = target.closest('.hit');
                    const shown = style.outlineStyle !== 'none' ||
                        (row && getComputedStyle(row).boxShadow !== 'none');

                    globalThis.met.add(target);
                    if (!shown) {
                        globalThis.hidden.push(target.outerHTML.slice(0, 80));
                    }
                });
            });
            // A date has several parts, each a stop of its own.
            for (let i = 0; i < wanted * 2 + 20; i++) {
                await page.keyboard.press('Tab');
                if (i >= wanted &&
                    await page.evaluate(() => globalThis.met.size) >= wanted) {
                    break;
                }
            }
            const found = await page.evaluate(() => ({
                met: globalThis.met.size, hidden: globalThis.hidden }));

            assert.equal(found.met, wanted, path);
            assert.deepEqual(found.hidden, [], path);
        }
    });

pageTest('a claim is written, checked and corrected by keys alone',
    async ({ page, visit }) => {
        await visit('/claim?date=2024-07-01');
        await page.locator('[data-field=add]').waitFor();
        await page.waitForFunction(() =>
            document.activeElement.dataset.field === 'add');
        await page.keyboard.type('97110-GP 97150-GP M54.50');
        await page.keyboard.press('Enter');
        await page.getByText('97110 is denied: an edit pays 97150 only').waitFor();
        // Back where one was; the line's modifiers are behind its remove button.
        await page.waitForFunction(() =>
            document.activeElement.dataset.field === 'add');
        while (await page.evaluate(() =>
            document.activeElement.dataset.field) !== 'modifiers-0') {
            await page.keyboard.press('Shift+Tab');
        }
        await page.keyboard.press('End');
        await page.keyboard.type(' 59');
        await page.keyboard.press('Enter');
        await page.waitForURL(/97110:GP%2B59/);
        await page.getByText('97110 is denied: an edit pays 97150 only')
            .waitFor({ state: 'detached' });
    });
