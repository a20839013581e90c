// What programs make of the drawings of mcpset graph, on standard input, as JSON:
//
//   charts dot         Graphviz: the texts of frames, nodes and edges, a list of lines each
//   charts mermaid     Mermaid, in a browser: the same
//   charts light|dark  a browser: the texts of a picture, how wide they are, and in which colours

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const home = import.meta.dirname;
const input = readFileSync(0, 'utf8');

// `text` of an SVG as it is shown.
const shown = (text) => {
  const names = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_, code, name) => names[name] ?? String.fromCodePoint(code));
};

const dot = async () => {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
  const svg = (await Graphviz.load()).layout(input, 'svg', 'dot');
  const groups = [...svg.matchAll(/<g [^>]*class="(cluster|node|edge)"[^]*?<\/g>\n(?=<|$)/g)];
  const all = (wanted) => groups.filter(([, kind]) => kind === wanted)
    .map(([group]) => [...group.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => shown(text)));
  return { frames: all('cluster'), nodes: all('node'), edges: all('edge') };
};

// The browser, asked over a pipe in its own protocol (Chrome DevTools Protocol): a message is JSON with
// a zero behind it.
const browser = (folder) => {
  const args = [
    '--headless', '--no-sandbox', '--no-zygote', '--in-process-gpu', '--remote-debugging-pipe',
    '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
    `--user-data-dir=${join(folder, 'profile')}`, 'about:blank',
  ];
  const env = {
    ...process.env,
    HOME: folder,
    FONTCONFIG_PATH: join(home, 'browser/fonts'),
    LD_LIBRARY_PATH: join(home, 'browser/al2023/lib'),
  };
  const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'];
  const program = spawn(join(home, 'browser/chromium'), args, { env, stdio });
  const waiting = new Map();
  let rest = '';
  program.stdio[4].setEncoding('utf8').on('data', (data) => {
    const messages = (rest + data).split('\0');
    rest = messages.pop();
    for (const message of messages.map((text) => JSON.parse(text))) {
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    }
  });
  let last = 0;
  const ask = (method, params = {}, sessionId = undefined) => new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
    program.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
  });
  return { program, ask };
};

// What `script` returns in a page with `body`.
const inPage = async (body, script, scheme = 'light') => {
  const folder = mkdtempSync(join(tmpdir(), 'charts-'));
  const page = join(folder, 'page.html');
  writeFileSync(page, `<!doctype html><meta charset="utf-8"><body>${body}`);
  const { program, ask } = browser(folder);
  const timer = setTimeout(() => program.kill('SIGKILL'), 60000);
  try {
    const { targetId } = await ask('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await ask('Emulation.setEmulatedMedia', { features }, sessionId);
    await ask('Page.navigate', { url: `file://${page}` }, sessionId);
    const expression = `new Promise((loaded) => {
      if (document.readyState === 'complete') loaded(); else addEventListener('load', loaded);
    }).then(${script})`;
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await ask('Runtime.evaluate', options, sessionId);
    return exceptionDetails ? { error: exceptionDetails.exception.description } : result.value;
  } finally {
    clearTimeout(timer);
    program.kill('SIGKILL');
    await new Promise((ended) => program.on('exit', ended));
    rmSync(folder, { recursive: true, force: true });
  }
};

const mermaid = () => inPage(
  `<div id="chart"></div><script src="file://${home}/node_modules/mermaid/dist/mermaid.min.js"></script>`,
  `async () => {
    mermaid.initialize({ startOnLoad: false });
    const chart = document.getElementById('chart');
    chart.innerHTML = (await mermaid.render('drawn', ${JSON.stringify(input)})).svg;
    // A label is HTML, or text of a picture that is a line each.
    const lines = (node) => node.innerText === undefined
      ? [...node.querySelectorAll('tspan.text-outer-tspan')].map((line) => line.textContent)
      : node.innerText.split('\\n');
    const all = (selector) => [...chart.querySelectorAll(selector)].map(lines);
    return {
      frames: all('.cluster-label .nodeLabel'),
      nodes: all('.node .nodeLabel'),
      edges: all('.edgeLabels .edgeLabel span.edgeLabel'),
    };
  }`,
);

// In DejaVu Sans Mono, the widest of the fonts that a picture asks for.
const picture = (scheme) => inPage(
  `<style>${[400, 700].map((weight) => `@font-face {
    font-family: 'DejaVu Sans Mono';
    font-weight: ${weight};
    src: url(file://${home}/node_modules/@fontsource/dejavu-mono/files/dejavu-mono-latin-${weight}-normal.woff2);
  }`).join('')}</style>${input}`,
  `async () => {
    for (const weight of [400, 700]) await document.fonts.load(weight + " 12px 'DejaVu Sans Mono'");
    const fill = (node) => getComputedStyle(node).fill;
    return {
      page: fill(document.querySelector('rect.page')),
      texts: [...document.querySelectorAll('svg text')].map((text) => ({
        text: text.lastChild.data,
        fill: fill(text),
        right: text.x.baseVal[0].value + text.getComputedTextLength(),
      })),
    };
  }`,
  scheme,
);

const readers = { dot, mermaid, light: () => picture('light'), dark: () => picture('dark') };
console.log(JSON.stringify(await readers[process.argv[2]]()));
