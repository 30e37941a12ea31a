import { printTable } from '../web/support/table.js';

export function printReport(results) {
  for (const { title, sizes } of Object.values(results.devices))
    for (const [size, { contenders }] of Object.entries(sizes)) {
      const tfjs = contenders['tfjs-webgl']?.frameMs;
      const rows = Object.entries(contenders).map(([name, figures]) =>
        figures.frameMs
          ? [
              results.titles[name],
              figures.frameMs.toFixed(1),
              tfjs ? (tfjs / figures.frameMs).toFixed(2) : '',
              figures.firstFrameMs.toFixed(0),
              String(figures.glBytes?.textures),
              String(figures.facts.gpuBytes),
              figures.pictureDifference?.toFixed(2) ?? '',
              (figures.sent.gzip / 1000).toFixed(0),
              String(figures.drawCalls),
              String(figures.glCalls),
            ]
          : [results.titles[name], figures.error, '', '', '', '', '', '', '', ''],
      );
      printTable(
        `${size} on ${title}`,
        ['', 'ms', '×', 'first', 'gl', 'gpu', 'diff', 'kB', 'draws', 'calls'],
        rows,
      );
    }
}
