// Counts what a page does with WebGL. Injected before a page's own scripts run, so it is one self-contained function:
//   await page.evaluateOnNewDocument(countGl);   …   await page.evaluate(() => window.glCounter.calls)
//
// window.glCounter: calls { method: count }, where an upload of a picture has a name of its own, "texImage2D(video)";
// frames: such uploads, one for each frame that goes through the network; live(): { kind: objects made and not deleted };
// reset(): calls and frames back to 0, objects kept.
export function countGl() {
  const kinds = ['Buffer', 'Framebuffer', 'Program', 'Query', 'Renderbuffer', 'Sampler', 'Shader', 'Texture'];
  kinds.push('TransformFeedback', 'VertexArray', 'Sync');
  const objects = Object.fromEntries(kinds.map((kind) => [kind, new Set()]));
  const counter = {
    calls: {},
    frames: 0,
    live: () => Object.fromEntries(Object.entries(objects).map(([kind, set]) => [kind, set.size])),
    reset() {
      counter.calls = {};
      counter.frames = 0;
    },
  };
  window.glCounter = counter;
  if (typeof WebGL2RenderingContext === 'undefined') return;

  // The last argument of texImage2D and its kin: an element or a bitmap of the browser's, or plain numbers.
  const kindOf = (value) => {
    if (value instanceof HTMLVideoElement) return 'video';
    if (typeof VideoFrame !== 'undefined' && value instanceof VideoFrame) return 'video';
    const isPicture = [HTMLCanvasElement, HTMLImageElement, ImageBitmap, ImageData].some(
      (it) => value instanceof it,
    );
    return isPicture ? 'picture' : null;
  };
  const prototype = WebGL2RenderingContext.prototype;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    if (typeof descriptor?.value !== 'function' || name === 'constructor') continue;
    const original = descriptor.value;
    const made = name === 'fenceSync' ? 'Sync' : name.match(/^create(.+)$/)?.[1];
    const deleted = name.match(/^delete(.+)$/)?.[1];
    prototype[name] = function (...args) {
      const source = /^tex(Sub)?Image/.test(name) ? kindOf(args[args.length - 1]) : null;
      const label = source ? `${name}(${source})` : name;
      if (source) counter.frames++;
      counter.calls[label] = (counter.calls[label] ?? 0) + 1;
      const result = original.apply(this, args);
      if (made && result) objects[made]?.add(result);
      if (deleted) objects[deleted]?.delete(args[0]);
      return result;
    };
  }
}
