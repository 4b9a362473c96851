// Without script: the server draws search, card, pairs and units itself, in
// the same addresses, and date and setting go with every question.
import { assert, assertAccessible, assertNoSidewaysScroll, pageTest, PHONE, reads }
    from './lib/page_test.mjs';

const noScript = { javaScriptEnabled: false };

async function look(page, text) {
    await page.locator('#q').fill(text);
    await page.locator('#ask button[type=submit]').click();
}

pageTest('words in the box find codes, and a code shows its card', noScript,
    async ({ page, visit }) => {
        await visit('/');
        await look(page, 'gait train');
        await page.waitForURL('**/search?q=gait%20train&**');
        await reads(page.locator('#q'), 'gait train');
        await page.locator('main a', { hasText: '97116' }).click();
        await page.waitForURL('**/code/97116**');
        assert.match(await page.locator('main h1').innerText(), /^97116/);
        await reads(page.locator('#q'), '97116');
    });

pageTest('a code in the box goes to its card, codes to their pairs', noScript,
    async ({ page, visit }) => {
        await visit('/');
        await look(page, '97110');
        await page.waitForURL('**/code/97110?**');
        await look(page, '97530 97150:59, 97140');
        await page.waitForURL('**/pairs?codes=97530,97150:59,97140&**');
        await look(page, '97110:24 97140 15 min');
        await page.waitForURL('**/units?minutes=97110:24,97140:15&**');
    });

pageTest('date and setting hold for the next question, and for links', noScript,
    async ({ page, visit }) => {
        await visit('/');
        await reads(page.locator('#date'), '2024-09-30');
        await page.locator('#date').fill('2024-07-15');
        await page.locator('#setting').selectOption('outpatient');
        await look(page, 'therap');
        await page.waitForURL('**/search?q=therap&date=2024-07-15&setting=outpatient&**');
        await reads(page.locator('#date'), '2024-07-15');
        await page.locator('main a', { hasText: '97140' }).click();
        await page.waitForURL('**/code/97140?date=2024-07-15&setting=outpatient');
        await reads(page.locator('#setting'), 'outpatient');
        assert.match(await page.locator('main').innerText(),
            /Valid on 2024-07-15/);
    });

pageTest('the matrix says the verdict of each pair, in words and by a sign',
    noScript, async ({ page, visit }) => {
        // 97530 with 97150: an edit of the starter set that a modifier opens.
        await visit('/pairs?codes=97530,97150,97110&date=2024-07-01');
        const row = page.locator('tr', {
            has: page.getByRole('rowheader', { name: '97530' }),
        }).first();
        const link = row.getByRole('link', { name: /modifier required/ }).first();

        assert.match(await link.innerText(), /!/);
        await link.click();
        await page.waitForURL('**#97530-97150');
        assert.match(
            await page.locator('[id="97530-97150"]').innerText(),
            /column 1/i);
    });

pageTest('a modifier put into the form opens the edit', noScript,
    async ({ page, visit }) => {
        await visit('/pairs?codes=97530,97150&date=2024-07-01');
        await page.locator('main #codes').fill('97530,97150:59');
        await page.locator('main form button').click();
        await page.waitForURL('**/pairs?codes=97530%2C97150%3A59&date=2024-07-01**');
        assert.match(await page.locator('main').innerText(),
            /resolved by modifier/);
    });

pageTest('both rules stand side by side, with the working', noScript,
    async ({ page, visit }) => {
        // 24 + 15 = 39 minutes: three units of 15 by either rule, 2 and 1.
        await visit('/units?minutes=97110:24,97140:15');
        const row = page.getByRole('row', { name: /^97110/ });

        assert.deepEqual(await row.getByRole('cell').allInnerTexts(),
            ['24', '2', '2']);
        assert.match(await page.locator('main').innerText(),
            /24 \+ 15 = 39 min/);
    });

pageTest('the edits of a code, and what is loaded', noScript,
    async ({ page, visit }) => {
        await visit('/code/97530');
        await page.getByRole('link', { name: /every edit/i }).click();
        await page.waitForURL('**/code/97530/edits**');
        assert.ok(await page.locator('main tbody tr').count() > 0);
        await visit('/releases');
        assert.match(await page.locator('main').innerText(), /starter/);
    });

pageTest('what is not there or not understood is said in the page',
    { ...noScript, allow: /status of 40[04]/ },
    async ({ page, url }) => {
        const missing = await page.goto(url('/code/99999'));

        assert.equal(missing.status(), 404);
        assert.match(await page.locator('main').innerText(), /99999/);
        await page.locator('#q').waitFor();
        const bad = await page.goto(url('/pairs?codes=97110&date=yesterday'));

        assert.equal(bad.status(), 400);
        assert.match(await page.locator('main').innerText(), /YYYY-MM-DD/);
    });

pageTest('a procedure with a diagnosis is asked of the coverage articles',
    noScript, async ({ page, visit }) => {
        // No article is in the starter set: that is said, and is no denial.
        await visit('/');
        await look(page, '97110 M54.50');
        await page.waitForURL('**/necessity?code=97110&icd10=M54.50&**');
        const said = await page.locator('main').innerText();

        assert.match(said, /97110 M54\.50: unknown/);
        assert.doesNotMatch(said, /not.supported/);
    });

pageTest('every procedure is asked with every diagnosis',
    { ...noScript, store: 'coverage' }, async ({ page, visit }) => {
        await visit('/necessity?code=G0283,G0281&icd10=M25.511,M54.50' +
            '&state=KY&date=2024-08-01');
        const rows = page.locator('main tbody tr');

        assert.deepEqual(await rows.locator('th').allInnerTexts(), [
            'G0283 M25.511', 'G0283 M54.50', 'G0281 M25.511', 'G0281 M54.50']);
        assert.match(await rows.first().innerText(), /not supported/);
        await rows.first().getByRole('link').click();
        assert.match(await page.locator('main').innerText(),
            /do not support medical necessity for HCPCS G0283/);
        await reads(page.locator('main #kind'), 'b');
    });

// NCCI of 2024Q3: 97150 pays over 97110 unless a modifier parts them.
pageTest('a claim is written into a form, checked, corrected, and has an address',
    noScript, async ({ page, visit }) => {
        await visit('/pairs?codes=97110,97150&date=2024-07-01');
        await page.getByRole('link', { name: 'As a whole claim' }).click();
        await page.waitForURL('**/claim?codes=97110,97150&date=2024-07-01');
        for (const line of [1, 2]) {
            await page.getByLabel(`Modifiers of line ${line}`).fill('GP');
            await page.getByLabel(`Units of line ${line}`).fill('1');
        }
        await page.getByLabel('Diagnoses A, B').fill('M54.50 M54.2');
        await page.getByLabel('Diagnoses of line 1').fill('BA');
        await page.getByRole('button', { name: 'Check' }).click();
        await page.waitForURL('**/claim?codes=97110:GP,97150:GP&icd10=M54.50,' +
            'M54.2&units=97110:1,97150:1&pointers=2%2B1&date=2024-07-01&**');
        const findings = page.locator('main tr');
        const denied = findings.filter({ hasText:
            '97110 is denied: an edit pays 97150 only' });

        assert.match(await denied.innerText(), /error[\s\S]*1, 2/);
        assert.match(await denied.innerText(), /Denied: line 1/);
        assert.match(await denied.innerText(),
            /Source: \S+ \S*ptp_practitioner_2024q3\.txt, row \d/);
        assert.match(await page.locator('main .overall').innerText(),
            /2024-07-01: 1 error/);
        assert.match(await page.locator('main').innerText(),
            /Not checked[\s\S]*coverage/);
        await reads(page.getByLabel('Diagnoses of line 1'), 'BA');
        await assertNoSidewaysScroll(page);
        await page.getByLabel('Modifiers of line 1').fill('GP,59');
        await page.getByRole('button', { name: 'Check' }).click();
        await page.waitForURL('**/claim?codes=97110:GP%2B59,97150:GP&**');
        assert.equal(await denied.count(), 0);
    });

pageTest('an address of a claim says the same without script',
    { ...noScript, allow: /status of 400/ },
    async ({ page, visit, url }) => {
        await visit('/claim?codes=97110:GP%2B59,97150&units=97110:2' +
            '&minutes=97110:30,97140:15:GP&icd10=M54.50&date=2024-07-01');
        const read = async (name) => {
            const fields = page.locator(`main input[name=${name}]`);
            const values = [];

            for (let i = 0; i < 4; i++) {
                values.push(await fields.nth(i).inputValue());
            }
            return values;
        };

        assert.deepEqual(await read('code'), ['97110', '97150', '97140', '']);
        assert.deepEqual(await read('modifiers'), ['GP 59', '', 'GP', '']);
        assert.deepEqual(await read('units'), ['2', '', '', '']);
        assert.deepEqual(await read('minutes'), ['30', '', '15', '']);
        const bad = await page.goto(url('/claim?codes=97110&units=97110:many'));

        assert.equal(bad.status(), 400);
        assert.match(await page.getByRole('alert').innerText(),
            /Line 1: 'many' is no whole number of units/);
        await reads(page.getByLabel('Units of line 1'), 'many');
    });

// axe-core is a script of the test's own: it may run where the page's may not.
pageTest('the pages of the server alone are accessible',
    { allow: /ERR_FAILED/ }, async ({ page, url }) => {
        await page.route('**/web/**/*.js', (route) => route.abort());
        for (const path of ['/', '/search?q=therap', '/code/97530', '/code/M54.5',
            '/code/97530/edits', '/releases', '/my', '/claim',
            '/claim?codes=97110:GP,97150:GP&icd10=M54.50&date=2024-07-01',
            '/changes?from=2019-12-31&to=2020-01-02',
            '/pairs?codes=97530,97116,97150:59,97140,9711X',
            '/units?minutes=97110:20,97112:20',
            '/necessity?code=97110&icd10=M54.50',
            '/necessity?code=97110,97140&icd10=M54.50,M54.2']) {
            await page.goto(url(path));
            assert.equal(await page.locator('html.scripted').count(), 0);
            await assertAccessible(page).catch((error) => {
                throw new Error(`${path}: ${error.message}`);
            });
        }
    });

pageTest('a section is listed by its range', noScript,
    async ({ page, visit }) => {
        await visit('/search?q=97110-97116');
        assert.deepEqual(
            await page.locator('main .code').allInnerTexts(),
            ['97110', '97112', '97113', '97116']);
    });

pageTest('a hit shows the text that has the words its title lacks', noScript,
    async ({ page, visit }) => {
        await visit('/search?q=achilles+rupture');
        assert.equal(
            await page.locator('.hit', { hasText: 'S86.01' }).first()
                .locator('.why').innerText(),
            '· everyday name: achilles rupture');
    });

pageTest('nothing has to be scrolled sideways on a phone',
    { ...noScript, viewport: PHONE },
    async ({ page, visit }) => {
        for (const path of ['/', '/search?q=therap', '/code/97530',
            '/code/97530/edits', '/releases', '/claim',
            '/claim?codes=97110:GP,97150:GP&icd10=M54.50&date=2024-07-01',
            '/changes?from=2019-12-31&to=2020-01-02',
            '/necessity?code=97110,97140&icd10=M54.50,M54.2',
            '/pairs?codes=97530,97116,97150,97140,97110',
            '/units?minutes=97110:24,97140:15']) {
            await visit(path);
            await assertNoSidewaysScroll(page);
        }
    });

pageTest('markup in a code, a text or a file name stays text',
    { ...noScript, store: 'hostile' },
    async ({ page, visit }) => {
        const nothingMade = async () => {
            assert.equal(await page.locator('main img, main svg, main script, ' +
                'main b.evil, main iframe').count(), 0);
        };

        await visit('/search?q=hostile');
        assert.match(await page.locator('main').innerText(),
            /<img src=x onerror="document\.title='pwned'"> hostile picture/);
        await nothingMade();
        await page.locator('main a', { hasText: 'EVIL1' }).click();
        await page.waitForURL('**/code/EVIL1**');
        assert.match(await page.locator('main').innerText(),
            /<script>alert\(1\)<\/script>/);
        assert.match(await page.locator('main').innerText(),
            /<img src=x onerror=alert\(9\)>\.tsv/);
        await nothingMade();
        await visit('/code/EVIL3');
        assert.match(await page.locator('main').innerText(),
            /<\/main><\/body><script>alert\(3\)<\/script> hostile ending/);
        assert.match(await page.locator('main').innerText(),
            /\{\{main\}\} \{\{\{banner\}\}\}/);
        assert.equal(await page.locator('main').count(), 1);
        await nothingMade();
        await visit('/search?q=%3Cimg%20src%3Dx%20onerror%3Dalert(5)%3E');
        await nothingMade();
        await reads(page.locator('#q'),
            '<img src=x onerror=alert(5)>');
        await visit('/search?q=angle');
        await page.locator('main a', { hasText: '<IMG>' }).click();
        await page.waitForURL('**/code/%3CIMG%3E**');
        assert.match(await page.locator('main h1').innerText(), /^<IMG>/);
        await nothingMade();
    });

pageTest('published codes, texts and edits are drawn',
    { ...noScript, store: 'real' },
    async ({ page, visit }) => {
        await visit('/search?q=G0283&date=2024-07-01');
        await page.locator('main a', { hasText: 'G0283' }).first().click();
        await page.waitForURL('**/code/G0283?date=2024-07-01');
        // As the HCPCS Level II file prints it.
        assert.match(await page.locator('main').innerText(),
            /Electrical stimulation \(unattended\), to one or more areas/);
        await visit('/pairs?codes=97150,97530&date=2024-07-01');
        assert.match(await page.locator('main .verdict').first().innerText(),
            /modifier required/);
    });
