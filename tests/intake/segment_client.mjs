// What a website's server does with Segment's own library: three pages, a request for a document, who it was.
import { createRequire } from 'node:module';
const { Analytics } = createRequire(process.argv[2])('@segment/analytics-node');
const analytics = new Analytics({ writeKey: process.argv[4], host: process.argv[3], flushAt: 20, maxRetries: 1 });
let failed = '';
analytics.on('error', (error) => { failed = String(error.reason ?? error.code); });
const start = Date.now() - 600_000;
['/', '/products', '/pricing'].forEach((path, number) => analytics.page({
  anonymousId: 'anonymous-1', timestamp: new Date(start + number * 60_000),
  properties: { url: `https://www.example.com${path}`, title: path },
  context: number ? {} : { campaign: { name: 'autumn', source: 'news', medium: 'email' } },
}));
analytics.identify({ anonymousId: 'anonymous-1', userId: 'u-1',
  traits: { email: 'taro@acme.example.com', name: '佐藤 太郎', company: { name: 'アクメ' } } });
analytics.track({ anonymousId: 'anonymous-1', userId: 'u-1', event: 'Document Request',
  properties: { path: '/catalogue.pdf' } });
await analytics.closeAndFlush({ timeout: 20_000 });
if (failed) { console.error(failed); process.exit(1); }
