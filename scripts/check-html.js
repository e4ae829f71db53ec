// SPDX-License-Identifier: MIT
// The measuring behind scripts/check-html: drives Chromium over its debugging pipe (DevTools protocol), so that nothing
// but node is needed. Arguments: CHROMIUM PROFILE-FOLDER PAGE PICTURE-PREFIX
'use strict';
const { spawn } = require('child_process');
const fs = require('fs');
const [chromium, profile, page, prefix] = process.argv.slice(2);

const browser = spawn(chromium, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--hide-scrollbars',
  `--user-data-dir=${profile}`, '--remote-debugging-pipe'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
const waiting = new Map();
const events = [];
let buffer = Buffer.alloc(0);
let number = 0;
browser.stdio[4].on('data', (data) => {
  buffer = Buffer.concat([buffer, data]);
  for (let end; (end = buffer.indexOf(0)) >= 0; buffer = buffer.subarray(end + 1)) {
    const message = JSON.parse(buffer.subarray(0, end).toString());
    if (message.id) {
      const { resolve, reject } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) reject(new Error(message.error.message)); else resolve(message.result);
    } else {
      events.push(message);
      if (message.method === 'Page.javascriptDialogOpening') // a script runs, and waits for an answer
        call('Page.handleJavaScriptDialog', { accept: true }, message.sessionId).catch(() => {});
    }
  }
});
function call(method, params, sessionId) {
  return new Promise((resolve, reject) => {
    waiting.set(++number, { resolve, reject });
    browser.stdio[3].write(JSON.stringify({ id: number, method, params, sessionId }) + '\0');
  });
}

// Runs in the page: what sticks out of it, and text whose colour is too near to what lies behind it.
function look(room) {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const part = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  for (const details of document.querySelectorAll('details')) details.open = true;
  const wide = document.documentElement.scrollWidth;
  const faults = [];
  if (wide > room) faults.push(`page is ${wide} wide in ${room}`);
  let lowest = 99, texts = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest('svg,style')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    texts++;
    if (!element.closest('.scroll') && (box.right > room + 0.5 || box.left < -0.5))
      faults.push(`sticks out: ${node.data.trim().slice(0, 60)}`);
    const a = light(rgba(getComputedStyle(element).color)), b = light(behind(element));
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    lowest = Math.min(lowest, contrast);
    if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)}: ${node.data.trim().slice(0, 60)}`);
  }
  const scripts = document.scripts.length + document.querySelectorAll('iframe,object,embed,link,img,form,base').length;
  if (scripts) faults.push(`${scripts} active elements`);
  return { faults: [...new Set(faults)].slice(0, 20), lowest, texts };
}

async function main() {
  let bad = 0;
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const send = (method, params) => call(method, params, sessionId);
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`, {});
  for (const scheme of ['light', 'dark']) {
    for (const width of [360, 1280]) {
      events.length = 0;
      await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
      await send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 });
      await send('Page.navigate', { url: 'file://' + page });
      while (!events.some((event) => event.method === 'Page.loadEventFired')) await new Promise((r) => setTimeout(r, 20));
      const shot = await send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
      fs.writeFileSync(`${prefix}-${width}-${scheme}.png`, Buffer.from(shot.data, 'base64'));
      const { result, exceptionDetails } = await send('Runtime.evaluate',
        { expression: `(${look})(${width})`, returnByValue: true });
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      await new Promise((r) => setTimeout(r, 200));
      const requests = events.filter((event) => event.method === 'Network.requestWillBeSent'
        && event.params.request.url !== 'file://' + page).map((event) => event.params.request.url);
      const said = events.filter((event) => event.method === 'Runtime.consoleAPICalled'
        || event.method === 'Log.entryAdded' || event.method === 'Runtime.exceptionThrown')
        .map((event) => event.params.entry ? event.params.entry.text : event.method);
      const dialogs = events.filter((event) => event.method === 'Page.javascriptDialogOpening')
        .map((event) => `dialog: ${event.params.message}`);
      const { faults, lowest, texts } = result.value;
      bad += faults.length + requests.length + said.length + dialogs.length;
      console.log(`${width} ${scheme}: ${texts} texts, lowest contrast ${lowest.toFixed(2)}, ${requests.length} requests, `
        + `${said.length} console messages, ${dialogs.length} dialogs, ${faults.length} faults`);
      for (const line of [...faults, ...requests, ...said, ...dialogs]) console.log(`  ${line}`);
    }
  }
  const pdf = await send('Page.printToPDF', { printBackground: true, preferCSSPageSize: true });
  fs.writeFileSync(`${prefix}.pdf`, Buffer.from(pdf.data, 'base64'));
  await call('Browser.close', {});
  process.exitCode = bad ? 1 : 0;
}
main().catch((error) => { console.error(`check-html: ${error.message}`); browser.kill(); process.exitCode = 2; });
