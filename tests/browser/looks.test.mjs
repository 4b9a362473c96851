// Every main state: accessible in light and dark, on a phone, with large text.
import { assert, assertAccessible, assertNoSidewaysScroll, DESKTOP, pageTest,
    PHONE } from './lib/page_test.mjs';

const STATES = {
    '/': '.examples',
    '/search?q=therap': '.hit',
    '/code/97110': '#edits tbody tr',
    '/code/M54.5': '.strip',
    '/pairs?codes=97150,97110,97140:59,97124,9711X&date=2024-07-01': '.reason h2',
    '/units?minutes=97112:20,97110:20,97161:30': '.tie',
    '/necessity?codes=97110&icd10=M54.50': '.adder',
    '/claim': '.adder',
    '/claim?codes=97150:GP,97110:GP&minutes=97110:30&icd10=M54.50&date=2024-07-01':
        '.tablebox tbody tr',
    '/changes?from=2019-12-31&to=2020-01-02': '.tablebox tbody tr',
    '/releases': 'tbody tr',
    '/my': 'h1',
    '/code/99999': '.problem',
};
const settled = async (page, selector) => {
    await page.locator(`main ${selector}`).first().waitFor();
    await page.waitForLoadState('networkidle');
};

// One visit for all that is looked at: axe-core in both colours, then a phone,
// then text of twice the size on a desk.
pageTest('every state is accessible, fits a phone, and takes large text',
    { allow: /404/ }, async ({ page, visit }) => {
        for (const [path, selector] of Object.entries(STATES)) {
            try {
                await page.setViewportSize(DESKTOP);
                await page.emulateMedia({ colorScheme: 'light' });
                await visit(path);
                await settled(page, selector);
                await assertAccessible(page);
                await page.emulateMedia({ colorScheme: 'dark' });
                await assertAccessible(page, ['color-contrast']);
                await page.setViewportSize(PHONE);
                await assertNoSidewaysScroll(page);
                await page.setViewportSize(DESKTOP);
                await page.evaluate(() => {
                    document.documentElement.style.fontSize = '212.5%';
                });
                await assertNoSidewaysScroll(page);
            } catch (error) {
                throw new Error(`${path}: ${error.message}`);
            }
        }
        await page.setViewportSize(PHONE);
        await visit('/pairs?codes=97150,97110,97124&date=2024-07-01');
        await settled(page, '.reason h2');
        await assertAccessible(page);
    });

pageTest('nothing moves where the system asks for no motion',
    { reducedMotion: 'reduce' }, async ({ page, visit }) => {
        await visit('/search?q=therap');
        await page.locator('.hit').first().waitFor();
        assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('*')]
            .map((element) => getComputedStyle(element))
            .filter((style) => style.animationName !== 'none' ||
                parseFloat(style.transitionDuration) > 0).length), 0);
    });
