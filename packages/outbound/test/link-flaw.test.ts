import { linkFlaw } from '@video-proxy/outbound/link-flaw';
import { expect, test } from 'vitest';

const privateNetwork = 'leads to a private network';

test.each([
  ['https://example.com/a.png', null],
  ['https://example.com:443/a.png?b=c#d', null],
  ['https://1.1.1.1/a.png', null],
  ['https://[2606:4700::1111]/a.png', null],
  ['https://例え.jp/画像.png', null],
  ['http://example.com/a.png', 'has to begin with https://'],
  ['ftp://example.com/a.png', 'has to begin with https://'],
  ['file:///etc/passwd', 'has to begin with https://'],
  ['not a link', 'is not a web address'],
  ['https://', 'is not a web address'],
  ['https://user:secret@example.com/', 'must not hold a user name or password'],
  ['https://example.com:8443/', 'must not name a port'],
  ['https://127.0.0.1/', privateNetwork],
  ['https://2130706433/', privateNetwork],
  ['https://0x7f000001/', privateNetwork],
  ['https://0177.0.0.1/', privateNetwork],
  ['https://127.1/', privateNetwork],
  ['https://１２７.０.０.１/', privateNetwork],
  ['https://①②⑦.0.0.1/', privateNetwork],
  ['https://10.0.0.1/', privateNetwork],
  ['https://169.254.169.254/latest/meta-data', privateNetwork],
  ['https://[::1]/', privateNetwork],
  ['https://[::ffff:10.0.0.1]/', privateNetwork],
  ['https://[::ffff:0:127.0.0.1]/', privateNetwork],
  ['https://[2001:20::1]/', privateNetwork],
  ['https://127.0.0.1/a b', privateNetwork],
  ['https://[::7f00:1]/', privateNetwork],
  ['https://[64:ff9b::a00:1]/', privateNetwork],
  ['https://[fd00:ec2::254]/', privateNetwork],
  ['https://localhost/', privateNetwork],
  ['https://localhost./', privateNetwork],
  ['https://metadata.google.internal/', privateNetwork],
  ['https://printer.local/', privateNetwork],
  ['https://redis/', privateNetwork],
])('%s: %s', (link, flaw) => {
  expect(linkFlaw(link, [])).toBe(flaw);
});

test('an allowed host is allowed in every way, on its port only', () => {
  const allowed = ['files.internal:9000', 'plain.example:80'];
  expect(linkFlaw('http://files.internal:9000/a.png', allowed)).toBeNull();
  expect(linkFlaw('https://files.internal:9000/a.png', allowed)).toBeNull();
  expect(linkFlaw('http://plain.example/a.png', allowed)).toBeNull();
  expect(linkFlaw('https://u:p@files.internal:9000/a.png', allowed)).toBe('must not hold a user name or password');
  expect(linkFlaw('http://files.internal:9001/a.png', allowed)).toBe('has to begin with https://');
});
