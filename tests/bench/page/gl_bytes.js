// Counts the bytes that a page keeps in WebGL, whatever its library says of itself. Injected before a page's own scripts
// run, so it is one self-contained function. It asks for bindings at every allocation: not for pages that are timed.
//
// window.glBytes.live(): bytes of { textures, renderbuffers, buffers } made and not deleted, and the highest sum so far.
export function countGlBytes() {
  const kinds = {
    textures: new Map(),
    renderbuffers: new Map(),
    buffers: new Map(),
  };
  let sum = 0;
  let peak = 0;
  const total = (/** @type {Map<object, number>} */ sizes) => [...sizes.values()].reduce((a, b) => a + b, 0);
  /** @type {any} */ (window).glBytes = {
    live: () => ({
      textures: total(kinds.textures),
      renderbuffers: total(kinds.renderbuffers),
      buffers: total(kinds.buffers),
      peak,
    }),
  };
  if (typeof WebGL2RenderingContext === 'undefined') return;

  const keep = (
    /** @type {Map<object, number>} */ sizes,
    /** @type {object | null} */ object,
    /** @type {number} */ bytes,
  ) => {
    if (!object) return;
    sum += bytes - (sizes.get(object) ?? 0);
    peak = Math.max(peak, sum);
    if (bytes) sizes.set(object, bytes);
    else sizes.delete(object);
  };

  // Bytes of a texel by what OpenGL ES 3.0 calls its format: R8 … RGBA32F. Without a size in the name it is 8 bits a
  // channel, or what the type of the pixels says.
  const gl = WebGL2RenderingContext;
  const names = Object.entries(Object.getOwnPropertyDescriptors(gl)).filter(([name]) =>
    /^(R|RG|RGB|RGBA|SRGB|DEPTH|STENCIL|LUMINANCE|ALPHA)(_|\d|$)|^(DEPTH|LUMINANCE)/.test(name),
  );
  const nameOf = new Map(names.map(([name, { value }]) => [value, name]));
  const texelBytes = (/** @type {number} */ format, /** @type {number | undefined} */ type) => {
    const name = nameOf.get(format) ?? 'RGBA8';
    if (/^(RGB565|RGBA4|RGB5_A1|DEPTH_COMPONENT16)$/.test(name)) return 2;
    if (/^(RGB10_A2|R11F|RGB9|DEPTH)/.test(name)) return 4;
    const channels = { R: 1, RG: 2, RGB: 4, RGBA: 4, LUMINANCE: 1, ALPHA: 1, LUMINANCE_ALPHA: 2 };
    const bits = Number(name.match(/\d+/)?.[0] ?? 0);
    const wide = type === gl.FLOAT ? 32 : type === gl.HALF_FLOAT || type === 0x8d61 ? 16 : 8;
    const count = channels[/** @type {'R'} */ (name.match(/^(LUMINANCE_ALPHA|[A-Z]+)/)?.[0] ?? 'RGBA')] ?? 4;
    return (count * (bits || wide)) / 8; // three channels take the room of four
  };
  const bound = (/** @type {WebGL2RenderingContext} */ context, /** @type {number} */ target) => {
    if (target === gl.TEXTURE_2D) return context.getParameter(gl.TEXTURE_BINDING_2D);
    if (target === gl.TEXTURE_2D_ARRAY) return context.getParameter(gl.TEXTURE_BINDING_2D_ARRAY);
    if (target === gl.TEXTURE_3D) return context.getParameter(gl.TEXTURE_BINDING_3D);
    if (target === gl.RENDERBUFFER) return context.getParameter(gl.RENDERBUFFER_BINDING);
    if (target === gl.ARRAY_BUFFER) return context.getParameter(gl.ARRAY_BUFFER_BINDING);
    if (target === gl.ELEMENT_ARRAY_BUFFER) return context.getParameter(gl.ELEMENT_ARRAY_BUFFER_BINDING);
    if (target === gl.UNIFORM_BUFFER) return context.getParameter(gl.UNIFORM_BUFFER_BINDING);
    if (target === gl.PIXEL_PACK_BUFFER) return context.getParameter(gl.PIXEL_PACK_BUFFER_BINDING);
    if (target === gl.PIXEL_UNPACK_BUFFER) return context.getParameter(gl.PIXEL_UNPACK_BUFFER_BINDING);
    return null;
  };

  /** @type {Record<string, (context: any, args: any[]) => void>} */
  const after = {
    texStorage2D: (context, [target, levels, format, width, height]) =>
      keep(
        kinds.textures,
        bound(context, target),
        width * height * texelBytes(format, undefined) * (levels > 1 ? 4 / 3 : 1),
      ),
    texStorage3D: (context, [target, levels, format, width, height, depth]) =>
      keep(
        kinds.textures,
        bound(context, target),
        width * height * depth * texelBytes(format, undefined) * (levels > 1 ? 4 / 3 : 1),
      ),
    texImage2D: (context, args) => {
      if (args[1] !== 0) return; // the smaller levels of a pyramid
      const source = args.length === 6 ? args[5] : null;
      const [width, height, type] = source
        ? [source.videoWidth ?? source.width, source.videoHeight ?? source.height, args[4]]
        : [args[3], args[4], args[7]];
      keep(kinds.textures, bound(context, args[0]), width * height * texelBytes(args[2], type));
    },
    texImage3D: (context, [target, level, format, width, height, depth, , , type]) => {
      if (level === 0)
        keep(kinds.textures, bound(context, target), width * height * depth * texelBytes(format, type));
    },
    renderbufferStorage: (context, [target, format, width, height]) =>
      keep(kinds.renderbuffers, bound(context, target), width * height * texelBytes(format, undefined)),
    bufferData: (context, [target, data, , offset = 0, count = 0]) => {
      // A size, or an array of which all from the offset on is meant, or as many elements as are named.
      const width = data?.BYTES_PER_ELEMENT ?? 1;
      const bytes = typeof data === 'number' ? data : (data?.byteLength ?? 0) - offset * width;
      keep(kinds.buffers, bound(context, target), count > 0 ? count * width : bytes);
    },
    deleteTexture: (_, [texture]) => keep(kinds.textures, texture, 0),
    deleteRenderbuffer: (_, [renderbuffer]) => keep(kinds.renderbuffers, renderbuffer, 0),
    deleteBuffer: (_, [buffer]) => keep(kinds.buffers, buffer, 0),
  };
  const prototype = /** @type {any} */ (WebGL2RenderingContext.prototype);
  for (const [name, note] of Object.entries(after)) {
    const original = prototype[name];
    prototype[name] = function (/** @type {any[]} */ ...args) {
      const result = original.apply(this, args);
      note(this, args);
      return result;
    };
  }
}
