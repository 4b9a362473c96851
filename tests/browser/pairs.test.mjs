// The matrix of pairs: five verdicts by colour and sign, reasons, advice.
import { assert, pageTest } from './lib/page_test.mjs';
import { readDownload } from './lib/files.mjs';

const cell = (page, a, b) =>
    page.getByRole('button', { name: new RegExp(`^${a} with ${b}:`) });

pageTest('each verdict has its sign, its word and its colour',
    async ({ page, visit }) => {
        // NCCI of 2024Q3: 97150 pays over 97110 unless a modifier parts them,
        // 97140 over 97124 always; the edit of 97530 with 97110 was withdrawn
        // from its first day. Of 97110 with 97124 the starter set knows nothing.
        await visit('/pairs?codes=97150,97110,97140:59,97124,97530' +
            '&date=2024-07-01');
        await page.locator('.matrix').waitFor();
        const verdict = async (a, b) => {
            const button = cell(page, a, b);

            return [await button.getAttribute('aria-label'),
                await button.locator('.sign').innerText(),
                await button.locator('xpath=..').evaluate((td) =>
                    getComputedStyle(td).backgroundColor)];
        };
        const found = [await verdict('97150', '97110'),
            await verdict('97150', '97140'), await verdict('97140', '97124'),
            await verdict('97110', '97530'), await verdict('97110', '97124')];

        assert.deepEqual(found.map(([label]) => label.split(': ')[1]), [
            'Modifier required, 97110 denied', 'Resolved by modifier 59',
            'Not billable together, 97124 denied', 'Billable together',
            'Not checked']);
        assert.deepEqual(found.map(([, sign]) => sign),
            ['!', '~', '✕', '✓', '?']);
        assert.equal(new Set(found.map(([, , colour]) => colour)).size, 5);
    });

pageTest('a cell tells the reason, the edit, its row and what is denied',
    async ({ page, visit }) => {
        await visit('/pairs?codes=97150,97110,97124&date=2024-07-01');
        await cell(page, '97150', '97110').click();
        const reason = page.locator('.reason');

        await reason.getByText(/If both are billed, 97110 is denied/).waitFor();
        assert.match(await reason.innerText(), /Paid: 97150 \(column 1\)/);
        assert.match(await reason.innerText(), /Denied: 97110 \(column 2\)/);
        assert.match(await reason.innerText(), /1: a modifier may open it/);
        assert.match(await reason.innerText(),
            /starter_ptp_practitioner_2024q3\.txt row \d+/);
        assert.ok(page.url().endsWith('#97150-97110'));
        await page.reload();
        await page.locator('.reason h2', { hasText: '97150 with 97110' })
            .waitFor();
    });

pageTest('modifiers, date and setting are changed where they stand',
    async ({ page, visit }) => {
        await visit('/pairs?codes=97150,97110&date=2024-07-01');
        await page.locator('.overall', { hasText: 'Modifier required' }).waitFor();
        const field = page.getByLabel('Modifiers of 97110, line 2');

        await field.fill('59');
        await field.press('Enter');
        await page.locator('.overall', { hasText: 'Resolved by modifier' })
            .waitFor();
        assert.match(page.url(), /codes=97150,97110:59&date=2024-07-01/);
        await page.getByLabel('Setting').selectOption('outpatient');
        await page.waitForURL(/setting=outpatient/);
        await page.locator('.overall', { hasText: 'Outpatient hospital' }).waitFor();
        await page.getByLabel('Date of service').fill('1995-06-01');
        await page.locator('.overall', { hasText: 'Not checked' }).waitFor();
        await page.goBack();
        await page.locator('.overall', { hasText: 'Resolved by modifier' })
            .waitFor();
    });

pageTest('a modifier that exists is tried with one press, and advice is given',
    async ({ page, visit }) => {
        await visit('/pairs?codes=97150,97110&date=2024-07-01');
        await page.locator('.advice', { hasText: '97110 is denied beside 97150' })
            .waitFor();
        await page.getByRole('button', { name: 'Try XS on 97110, line 2' }).click();
        await page.locator('.overall', { hasText: 'Resolved by modifier' })
            .waitFor();
        assert.match(page.url(), /97110:XS/);
    });

pageTest('lines are added and removed', async ({ page, visit }) => {
    await visit('/pairs?codes=97150,97110&date=2024-07-01');
    await page.getByLabel('Add a code').fill('97140-59');
    await page.getByLabel('Add a code').press('Enter');
    await page.locator('.matrix tbody tr').nth(2).waitFor();
    assert.match(page.url(), /codes=97150,97110,97140:59/);
    await page.getByRole('button', { name: 'Remove 97110' }).click();
    await page.waitForURL(/codes=97150,97140:59/);
    await page.getByRole('heading', { name: '2 codes together' }).waitFor();
});

pageTest('twenty-five codes stand in one matrix; more are named',
    { store: 'real' }, async ({ page, visit }) => {
        const codes = ('97010 97012 97016 97018 97022 97024 97026 97028 97032 ' +
            '97033 97034 97035 97036 97110 97112 97113 97116 97124 97129 97130 ' +
            '97140 97150 97161 97162 97163 97164').split(' ');

        await visit(`/pairs?codes=${codes.join(',')}&date=2024-07-01`);
        await page.locator('.matrix').waitFor();
        await page.waitForFunction(() => document.querySelectorAll(
            '.matrix tbody tr').length === 25); // the page of no script had 26
        assert.equal(await page.locator('.matrix td.verdict').count(), 600);
        await page.getByRole('alert').filter({ hasText: 'Left out: 97164' })
            .waitFor();
        // The arrows walk from cell to cell, over the diagonal too.
        await cell(page, '97010', '97012').focus();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowRight');
        await page.keyboard.press('Enter');
        await page.locator('.reason h2', { hasText: '97016 with 97018' })
            .waitFor();
    });

pageTest('the pairs are saved as CSV', async ({ page, visit }) => {
    await visit('/pairs?codes=97150,97110,97124&date=2024-07-01');
    await page.locator('.matrix').waitFor();
    const text = await readDownload(page,
        () => page.getByRole('button', { name: 'CSV' }).click());

    assert.match(text, /^\uFEFF?Verdict,Codes,Denied,Why,First day,Release,File,Row\r\n/);
    assert.match(text, /Modifier required,97150 97110,97110,/);
    assert.equal(text.trim().split('\r\n').length, 4);
});
