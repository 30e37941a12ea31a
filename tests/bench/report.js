// Tables of what was measured, for people. Pure: the same tables go to the terminal and into Markdown.
import { verdicts } from './targets.js';

/**
 * @typedef {{ files: { path: string, raw: number, gzip: number }[], raw: number, gzip: number }} Sent
 * @typedef {Partial<ReturnType<typeof import('./arithmetic.js').summarise>> &
 *           Partial<ReturnType<typeof import('./arithmetic.js').perFrame>> &
 *           { error?: string, pictureDifference?: number | null, sent?: Sent,
 *             layers?: { name: string, op?: string, ms: number, macs: number }[] }} Figures
 * @typedef {{ multiplyAdds: number, contenders: Record<string, Figures> }} SizeResult
 * @typedef {{ title: string, browser: string, roofline: import('./page/roofline.js').Roofline | null,
 *             sizes: Record<string, SizeResult> }} DeviceResult
 * @typedef {{ date: string, fragnet: string, cpu: string, load: number, system: string, models: string, rounds: number,
 *             titles: Record<string, string>, devices: Record<string, DeviceResult> }} Results
 * @typedef {{ title: string, heading: string[], rows: string[][], notes: string[] }} Table
 */

const none = '–';
const mega = (/** @type {number | null | undefined} */ bytes) => (bytes ? (bytes / 1e6).toFixed(1) : none);
const kilo = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(0);
const ms = (/** @type {number | null | undefined} */ value) =>
  value === null || value === undefined ? none : value.toFixed(value < 100 ? 1 : 0);
// A browser tells of tasks over 50 ms only.
const task = (/** @type {number | null | undefined} */ value) =>
  value != null && value < 50 ? '< 50' : ms(value);
const times = (/** @type {number | undefined} */ theirs, /** @type {number | undefined} */ ours) =>
  theirs && ours ? `${(theirs / ours).toFixed(theirs / ours < 10 ? 2 : 1)} ×` : none;
const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

const wordsOf = (/** @type {Record<string, number>} */ values) =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${ms(value)}`)
    .join(', ');

/**
 * All tables of a report.
 * @param {Results} results
 * @param {{ layers: boolean }} options
 * @returns {Table[]}
 */
export function tablesOf(results, { layers }) {
  const tables = [overview(results)];
  for (const device of Object.values(results.devices)) {
    for (const size of Object.keys(device.sizes)) {
      tables.push(contenders(results, device, size));
      if (layers) tables.push(layersOf(device, size));
    }
  }
  return [...tables, sent(results), targets(results)].filter(({ rows }) => rows.length > 0);
}

/**
 * Milliseconds a frame of everybody, and how many times Fragnet's they are.
 * @param {Results} results
 * @returns {Table}
 */
function overview({ titles, devices, rounds }) {
  const names = Object.keys(titles);
  const rows = Object.values(devices).flatMap(({ title, sizes }) =>
    Object.entries(sizes).map(([size, { contenders: all }]) => [
      title,
      size,
      ...names.map((name) => {
        const time = all[name].frameMs;
        if (name === 'fragnet' || !time) return ms(time);
        return `${ms(time)} (${times(time, all.fragnet.frameMs)})`;
      }),
    ]),
  );
  return {
    title: 'Milliseconds a frame',
    heading: ['device', 'network', ...names.map((name) => titles[name])],
    rows,
    notes: [
      `From a 256×256 frame to certain pixels on a canvas, medians (rounds: ${rounds}); in brackets how many times Fragnet's.`,
    ],
  };
}

/**
 * All figures of one network on one device.
 * @param {Results} results
 * @param {DeviceResult} device
 * @param {string} size
 * @returns {Table}
 */
function contenders({ titles }, { title, roofline, sizes }, size) {
  const { multiplyAdds, contenders: all } = sizes[size];
  const { fragnet, 'tfjs-webgl': tfjs, 'ort-wasm': ort } = all;
  const rows = Object.entries(all).map(([name, figures]) => {
    if (!figures.frameMs) return [titles[name], 'failed', ...Array(heading.length - 2).fill('')];
    const gmacs = multiplyAdds / figures.frameMs / 1e6;
    const [low, high] = figures.spread ?? [NaN, NaN];
    const onGpu = figures.drawCalls !== undefined && figures.drawCalls > 0;
    return [
      titles[name],
      ms(figures.frameMs),
      `${ms(low)}–${ms(high)}`,
      times(tfjs?.frameMs, figures.frameMs),
      times(ort?.frameMs, figures.frameMs),
      ms(figures.firstFrameMs),
      times(tfjs?.firstFrameMs, figures.firstFrameMs),
      ms(figures.startMs),
      task(figures.longestTaskMs),
      mega(figures.gpuBytes),
      mega(figures.wasmBytes),
      mega(figures.scriptBytes),
      onGpu ? String(Math.round(figures.drawCalls ?? 0)) : none,
      onGpu ? String(Math.round(figures.glCalls ?? 0)) : none,
      gmacs.toFixed(2),
      roofline && onGpu ? percent(gmacs / roofline.gmacs) : none,
      figures.pictureDifference?.toFixed(1) ?? none,
    ];
  });
  const errors = Object.entries(all).flatMap(([name, { error }]) =>
    error ? [`${titles[name]}: ${error}`] : [],
  );
  const peaks = roofline
    ? ` The device's peaks: ${roofline.gmacs.toFixed(1)} GMAC/s, ${roofline.gfetches.toFixed(2)} G texel fetches/s.`
    : '';
  return {
    title: `${size} on ${title}`,
    heading,
    rows,
    notes: [
      `A frame has ${(multiplyAdds / 1e9).toFixed(3)} GMAC.${peaks}`,
      ...(fragnet.phases
        ? [`Fragnet from load to first frame, and then to full speed, ms: ${wordsOf(fragnet.phases)}.`]
        : []),
      ...Object.entries(all).flatMap(([name, { ways = {} }]) =>
        Object.keys(ways).length > 1 ? [`${titles[name]}, ms by way to the canvas: ${wordsOf(ways)}.`] : [],
      ),
      ...(fragnet.facts && fragnet.gpuBytes ? [bytesOf(fragnet.facts, fragnet.gpuBytes)] : []),
      ...(tfjs?.facts?.gpuBytes
        ? [`TensorFlow.js itself counts ${mega(tfjs.facts.gpuBytes)} MB of tensors on the GPU.`]
        : []),
      ...errors,
    ],
  };
}

/**
 * What Fragnet says that it keeps, beside what was counted.
 * @param {Record<string, any>} facts
 * @param {number} counted
 */
function bytesOf({ weightBytes, textureBytes, heapBytes }, counted) {
  const others = Math.max(0, counted - weightBytes - textureBytes);
  return (
    `Fragnet's MB on the GPU: weights ${mega(weightBytes)}, activations ${mega(textureBytes)}, ` +
    `the frame and others ${mega(others)}; of its heap in use: ${mega(heapBytes)}.`
  );
}

const heading = [
  'contender',
  'ms a frame',
  'rounds',
  'TFJS webgl /',
  'ORT wasm /',
  'first frame ms',
  'TFJS webgl /',
  'start ms',
  'longest task ms',
  'GPU MB',
  'WASM MB',
  'JS MB',
  'draws',
  'GL calls',
  'GMAC/s',
  'of peak',
  'picture',
];

/**
 * Where a frame of Fragnet goes.
 * @param {DeviceResult} device
 * @param {string} size
 * @returns {Table}
 */
function layersOf({ title, roofline, sizes }, size) {
  const steps = sizes[size].contenders.fragnet.layers ?? [];
  const total = steps.reduce((sum, step) => sum + step.ms, 0);
  const rows = steps.map(({ name, op = '', ms: time, macs }, i) => {
    const gmacs = macs / time / 1e6;
    return [
      String(i),
      name.split('/').slice(-2).join('/'),
      op,
      time.toFixed(2),
      percent(time / total),
      (macs / 1e6).toFixed(2),
      gmacs.toFixed(2),
      roofline ? percent(gmacs / roofline.gmacs) : none,
    ];
  });
  return {
    title: `Fragnet's steps: ${size} on ${title}`,
    heading: ['step', 'layer', 'operation', 'ms', 'share', 'MMAC', 'GMAC/s', 'of peak'],
    rows,
    notes: [
      `Each step is timed by itself, with a wait after it: the sum, ${total.toFixed(1)} ms, is not what a frame takes.`,
    ],
  };
}

/**
 * Bytes that reach a visitor before the network's own.
 * @param {Results} results
 * @returns {Table}
 */
function sent({ titles, devices }) {
  const everywhere = Object.values(devices).flatMap(({ sizes }) => Object.values(sizes));
  const rows = Object.entries(titles).flatMap(([name, title]) => {
    const found = everywhere.map(({ contenders: all }) => all[name].sent).find(Boolean);
    if (!found) return [];
    return [[title, kilo(found.raw), kilo(found.gzip), found.files.map(({ path }) => path).join(' ')]];
  });
  return {
    title: 'Script and WASM sent',
    heading: ['contender', 'kB', 'kB gzipped', 'files'],
    rows,
    notes: [],
  };
}

/**
 * @param {Results} results
 * @returns {Table}
 */
function targets(results) {
  const rows = verdicts(results).map(({ what, wanted, measured, isMet }) => [
    what,
    wanted,
    measured,
    isMet ? 'met' : 'MISSED',
  ]);
  return { title: 'Targets', heading: ['what', 'wanted', 'measured', ''], rows, notes: [] };
}

/**
 * The report as Markdown.
 * @param {Results} results
 * @param {Table[]} tables
 */
export function markdownOf({ date, fragnet, cpu, load, system, models, devices }, tables) {
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const browsers = Object.values(devices).map(({ title, browser }) => `${title}: ${browser}`);
  const parts = [
    `# Fragnet ${fragnet} and its peers, ${date.slice(0, 10)}`,
    [
      `- ${cpu}, at a load of ${load.toFixed(1)} beforehand; ${system}`,
      ...browsers.map((browser) => `- ${browser}`),
      `- Networks: ${models}`,
    ].join('\n'),
  ];
  for (const { title, heading: cells, rows, notes } of tables) {
    parts.push(`## ${title}`);
    parts.push([line(cells), line(cells.map(() => '---')), ...rows.map(line)].join('\n'));
    if (notes.length > 0) parts.push(notes.join('\n\n'));
  }
  return `${parts.join('\n\n')}\n`;
}
