/** A report opened from disk in chromium, with what is asked of it again and again. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Browser } from './chromium.ts';

export class OpenReport {
  /** All that scripts, the policy and the network said against the page. */
  readonly complaints: unknown[] = [];
  /** Addresses that were asked for, the page's own first; none of what the page holds itself. */
  readonly requests: string[] = [];

  private constructor(
    readonly browser: Browser,
    readonly address: string,
  ) {
    browser.on(['Runtime.exceptionThrown', 'Runtime.consoleAPICalled', 'Log.entryAdded'], (event) =>
      this.complaints.push(event),
    );
    browser.on(['Network.requestWillBeSent'], ({ request }) => {
      const { url } = request as { url: string };
      if (!url.startsWith('data:')) this.requests.push(url);
    });
  }

  static async open(file: string): Promise<OpenReport> {
    const report = new OpenReport(await Browser.start(), pathToFileURL(file).href);
    await report.browser.open(report.address);
    return report;
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.browser.evaluate<T>(expression);
  }

  /** The value of an expression in a window so many CSS pixels wide. */
  async at<T>(width: number, expression: string): Promise<T> {
    const size = { width, height: 900, deviceScaleFactor: 1, mobile: false };
    await this.browser.send('Emulation.setDeviceMetricsOverride', size);
    // Charts are drawn anew once they have been told of their new size.
    await this.evaluate('new Promise((resolve) => setTimeout(resolve, 600))');
    const value = await this.evaluate<T>(expression);
    await this.browser.send('Emulation.clearDeviceMetricsOverride');
    return value;
  }

  /** What axe finds wrong, in the light or the dark page: rule and elements. */
  async faults(theme: 'light' | 'dark'): Promise<string[]> {
    await this.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    await this.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    return this.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')))`);
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
