// A whole claim: its lines, the findings of every rule, what was not checked.
import { assert, gone, pageTest, settled } from './lib/page_test.mjs';
import { readDownload } from './lib/files.mjs';

const findings = (page) => page.locator('.tablebox tbody tr');

// NCCI of 2024Q3, in the starter set as published: 97150 pays over 97110 unless
// a modifier parts them.
for (const store of ['starter', 'real']) {
    pageTest(`lines out of the box become a claim with its findings: ${store}`,
        { store }, async ({ page, visit }) => {
            await visit('/');
            await page.locator('#date').fill('2024-07-01');
            await page.locator('#q').fill(
                '97110-GP x2 30 min, 97150-GP x1, M54.50');
            await page.getByRole('link', { name: 'Whole claim' }).click();
            await page.waitForURL(/\/claim\?codes=97110:GP,97150:GP&.*units=/);
            const edit = findings(page).filter({ hasText:
                '97110 is denied: an edit pays 97150 only' });

            assert.match(await edit.innerText(), /error[\s\S]*1, 2/);
            assert.match(await edit.innerText(), /Denied: line 1/);
            assert.match(await edit.innerText(), /ptp_practitioner_2024q3\S* row \d/);
            await page.locator('.claimlines tr', { hasText: '97110' })
                .getByText('denied', { exact: true }).waitFor();
            // The coverage articles are asked for a place alone.
            await page.locator('section', { has: page.getByRole('heading',
                { name: 'Not checked' }) }).getByText(/coverage/).waitFor();
            const modifiers = page.getByLabel('Modifiers of 97110, line 1');

            await modifiers.fill('GP 59');
            await modifiers.press('Enter');
            await page.waitForURL(/codes=97110:GP%2B59/);
            await page.locator('.claimlines tr', { hasText: '97110' })
                .getByText('nothing').waitFor();
            await gone(edit);
        });
}

pageTest('units, minutes and diagnoses of a line are changed where they stand',
    async ({ page, visit }) => {
        const sent = [];
        // The n-th question; an address may change before it goes out.
        const question = async (n) => {
            while (sent.length < n) {
                await page.waitForTimeout(10);
            }
            return sent[n - 1];
        };

        page.on('request', (request) => {
            if (request.url().includes('/v1/claims/check')) {
                sent.push(JSON.parse(request.postData()));
            }
        });
        await visit('/claim?codes=97110:GP,97110:GP&units=97110:1,97110:2' +
            '&icd10=M54.50,M54.2&pointers=1,1%2B2&date=2024-07-01');
        await page.locator('.overall').waitFor();
        assert.deepEqual(sent[0].lines, [
            { code: '97110', modifiers: ['GP'], units: 1, dx: [1] },
            { code: '97110', modifiers: ['GP'], units: 2, dx: [1, 2] }]);
        assert.deepEqual(sent[0].diagnoses, ['M54.50', 'M54.2']);
        await page.getByLabel('Minutes of 97110, line 2').fill('30');
        await page.getByLabel('Minutes of 97110, line 2').press('Enter');
        await page.waitForURL(/minutes=97110::GP,97110:30:GP/);
        await settled(page);
        await page.waitForFunction(() => document.activeElement
            .dataset.field === 'minutes-1');
        await page.getByLabel('Pointers of 97110, line 1').fill('ba');
        await page.getByLabel('Pointers of 97110, line 1').press('Enter');
        await page.waitForURL(/pointers=2%2B1,1%2B2/);
        await settled(page);
        assert.deepEqual((await question(3)).lines, [
            { code: '97110', modifiers: ['GP'], units: 1, dx: [2, 1] },
            { code: '97110', modifiers: ['GP'], units: 2, minutes: 30, dx: [1, 2] }]);
        // A diagnosis that goes takes the letters that meant it along.
        await page.getByRole('button', { name: 'Remove M54.50' }).click();
        await page.waitForURL(/icd10=M54.2&.*pointers=1,1/);
        assert.deepEqual((await question(4)).lines.map((line) => line.dx),
            [[1], [1]]);
        await page.reload();
        await settled(page);
        assert.deepEqual((await question(5)).lines.map((line) => line.units),
            [1, 2]);
        await page.getByLabel('Units of 97110, line 1').fill('many');
        await page.getByLabel('Units of 97110, line 1').press('Enter');
        await page.locator('[data-field=units-0]:invalid').waitFor();
    });

pageTest('the box keeps to the claim; one code alone is looked up',
    async ({ page, visit }) => {
        await visit('/claim?codes=97110:GP,97150:GP,97140:GP&units=97150:1' +
            '&icd10=M54.50&payer=commercial&date=2024-07-01');
        await page.locator('.overall').waitFor();
        // Two lines without units: said once, of both.
        assert.match(await findings(page).filter({ hasText:
            'No units were told' }).innerText(), /1, 3/);
        await page.locator('#q').fill('97110-GP x2, 97530-GP x1, M54.50');
        await page.waitForURL(/claim\?.*97530:GP.*payer=commercial/);
        await page.locator('.claimlines tbody tr', { hasText: '97530' }).waitFor();
        await page.locator('#q').fill('97110');
        await page.locator('h1 .code', { hasText: '97110' }).waitFor();
    });

pageTest('a claim says who pays, and for which state coverage was asked',
    { store: 'coverage', allow: /40[04]/ }, async ({ page, visit }) => {
        await visit('/claim?codes=G0283:GP&units=G0283:1&icd10=M25.511' +
            '&date=2024-08-01');
        await page.locator('.overall').waitFor();
        await gone(findings(page).filter({ hasText: 'A57067' }));
        await page.getByLabel('State').selectOption('KY');
        await page.waitForURL(/state=KY/);
        await findings(page).filter({ hasText: 'A57067' }).first().waitFor();
        await page.getByLabel('Payer').selectOption('commercial');
        await page.waitForURL(/payer=commercial/);
        await settled(page);
        await page.locator('.overall').waitFor();
        // Chosen once, the state goes with the next question.
        await page.getByRole('link', { name: 'With a diagnosis' }).click();
        await page.waitForURL(/necessity\?.*state=KY/);
    });

pageTest('the findings are saved as CSV', async ({ page, visit }) => {
    await visit('/claim?codes=97110:GP,97150:GP&date=2024-07-01');
    await findings(page).first().waitFor();
    const text = await readDownload(page,
        () => page.getByRole('button', { name: 'CSV' }).click());

    assert.match(text, /^\uFEFF?Severity,Line,Codes,Finding,Rule,Release,File,Row\r\n/);
    assert.match(text, /error,"1, 2",97150 97110,.*,starter_ptp_practitioner_2024q3.txt,\d/);
});
