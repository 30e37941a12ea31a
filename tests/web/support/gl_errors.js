// Remembers the WebGL2 contexts that a page makes, so that their errors can be asked for in the end. Injected before a page's
// own scripts run, so it is one self-contained function.
export function watchContexts() {
  const contexts = new Set();
  for (const kind of [globalThis.HTMLCanvasElement, globalThis.OffscreenCanvas]) {
    if (!kind) continue;
    const { getContext } = kind.prototype;
    kind.prototype.getContext = function (name, attributes) {
      const context = getContext.call(this, name, attributes);
      if (context && name === 'webgl2') contexts.add(context);
      return context;
    };
  }
  window.glErrors = () =>
    [...contexts].flatMap((gl) => {
      const error = gl.isContextLost() ? 0 : gl.getError();
      return error ? [`getError() of a context says 0x${error.toString(16)}`] : [];
    });
}

// What Chromium says on the console of a call that the driver or the browser refused: nothing was drawn, or not what should be.
// That a page waits for what it reads back it says, too, and that is no fault.
export const isGlWarning = (text) =>
  /WebGL.*(INVALID_|OUT_OF_MEMORY|INVALID |error)|GL_INVALID|GL_OUT_OF_MEMORY|GL Driver Message/.test(text) &&
  !/GPU stall due to ReadPixels|Performance/.test(text);
