// Makes a page's WebGL2 device a smaller one than it is, of the kinds that visitors come with: what it says, what it accepts,
// and what it draws. Injected before a page's own scripts run, so it is one self-contained function; its native twin is
// tests/support/gl_lies.hpp.
//   await chromium.newPage(url, { scripts: [[lieAs, lyingDevices['floats that hold zeros']]] });

/**
 * @typedef {{ bitsPerPixel?: number, drawBuffers?: number, textureSize?: number, textureUnits?: number, viewport?: number,
 *             hidden?: string[], hasNoFloats?: boolean, hasNoHalves?: boolean, floatsHoldZeros?: boolean,
 *             hasSingleOutputs?: boolean }} Lies
 *   bitsPerPixel: of all colour targets together; more is refused though MAX_DRAW_BUFFERS says otherwise
 *   hidden: extensions
 */

/** @type {Record<string, Lies>} */
export const lyingDevices = {
  '512 bits a pixel': { bitsPerPixel: 512 },
  '256 bits a pixel': { bitsPerPixel: 256 },
  '4 targets, 2048 texels, 16 units': { drawBuffers: 4, textureSize: 2048, textureUnits: 16, viewport: 2048 },
  'halves only': { bitsPerPixel: 512, hasNoFloats: true, hidden: ['EXT_color_buffer_float'] },
  'no floats': {
    hasNoFloats: true,
    hasNoHalves: true,
    hidden: ['EXT_color_buffer_float', 'EXT_color_buffer_half_float'],
  },
  'floats that hold zeros': { floatsHoldZeros: true },
  'programs with one output': { hasSingleOutputs: true },
  'no parallel compile, no timers': {
    hidden: ['KHR_parallel_shader_compile', 'EXT_disjoint_timer_query_webgl2'],
  },
  'viewports of 2048': { viewport: 2048 },
};

/** @param {Lies} lies */
export function lieAs(lies) {
  const { prototype } = WebGL2RenderingContext;
  const GL = WebGL2RenderingContext;
  const formats = new WeakMap(); // of textures
  const attached = new WeakMap(); // formats by attachment, of framebuffers
  const unlinked = new WeakSet();
  const errors = new WeakMap(); // by context: one that the driver does not know of

  const instead = (name, make) => {
    prototype[name] = make(prototype[name]);
  };
  const refuse = (gl, error) => {
    if (!errors.get(gl)) errors.set(gl, error);
  };
  const bitsOf = (format) =>
    format === GL.RGBA32F || format === GL.RGBA32UI ? 128 : format === GL.RGBA16F ? 64 : 32;
  const { getParameter } = prototype;
  const targetsOf = (gl) => attached.get(getParameter.call(gl, GL.DRAW_FRAMEBUFFER_BINDING)) ?? [];
  const isRefused = (targets) => {
    const drawn = targets.filter(Boolean);
    return (
      (lies.hasNoFloats && drawn.includes(GL.RGBA32F)) ||
      (lies.hasNoHalves && drawn.includes(GL.RGBA16F)) ||
      drawn.reduce((sum, format) => sum + bitsOf(format), 0) > (lies.bitsPerPixel ?? Infinity)
    );
  };

  const limits = {
    [GL.MAX_DRAW_BUFFERS]: lies.drawBuffers,
    [GL.MAX_COLOR_ATTACHMENTS]: lies.drawBuffers,
    [GL.MAX_TEXTURE_SIZE]: lies.textureSize,
    [GL.MAX_TEXTURE_IMAGE_UNITS]: lies.textureUnits,
  };
  instead('getParameter', (real) => {
    return function (name) {
      const value = real.call(this, name);
      return limits[name] ? Math.min(value, limits[name]) : value;
    };
  });
  instead('getError', (real) => {
    return function () {
      const error = errors.get(this);
      errors.delete(this);
      return error || real.call(this);
    };
  });
  instead('getExtension', (real) => {
    return function (name) {
      return lies.hidden?.includes(name) ? null : real.call(this, name);
    };
  });
  instead('getSupportedExtensions', (real) => {
    return function () {
      return real.call(this)?.filter((name) => !lies.hidden?.includes(name)) ?? null;
    };
  });

  for (const [name, binding] of [
    ['texStorage2D', GL.TEXTURE_BINDING_2D],
    ['texStorage3D', GL.TEXTURE_BINDING_2D_ARRAY],
  ]) {
    instead(name, (real) => {
      return function (target, levels, format, width, height, ...depth) {
        if (Math.max(width, height) > (lies.textureSize ?? Infinity)) return refuse(this, GL.INVALID_VALUE);
        real.call(this, target, levels, format, width, height, ...depth);
        formats.set(getParameter.call(this, binding), format);
      };
    });
  }
  const attach = (gl, attachment, texture) => {
    const framebuffer = getParameter.call(gl, GL.DRAW_FRAMEBUFFER_BINDING);
    if (!attached.has(framebuffer)) attached.set(framebuffer, []);
    attached.get(framebuffer)[attachment - GL.COLOR_ATTACHMENT0] = texture ? formats.get(texture) : null;
  };
  instead('framebufferTexture2D', (real) => {
    return function (target, attachment, kind, texture, level) {
      real.call(this, target, attachment, kind, texture, level);
      attach(this, attachment, texture);
    };
  });
  instead('framebufferTextureLayer', (real) => {
    return function (target, attachment, texture, level, layer) {
      if (attachment >= GL.COLOR_ATTACHMENT0 + (lies.drawBuffers ?? Infinity))
        return refuse(this, GL.INVALID_OPERATION);
      real.call(this, target, attachment, texture, level, layer);
      attach(this, attachment, texture);
    };
  });
  instead('checkFramebufferStatus', (real) => {
    return function (target) {
      return isRefused(targetsOf(this)) ? GL.FRAMEBUFFER_UNSUPPORTED : real.call(this, target);
    };
  });
  instead('viewport', (real) => {
    return function (x, y, width, height) {
      const most = lies.viewport ?? Infinity;
      real.call(this, x, y, Math.min(width, most), Math.min(height, most));
    };
  });
  instead('activeTexture', (real) => {
    return function (unit) {
      if (unit >= GL.TEXTURE0 + (lies.textureUnits ?? Infinity)) return refuse(this, GL.INVALID_ENUM);
      real.call(this, unit);
    };
  });

  if (lies.hasSingleOutputs) {
    instead('linkProgram', (real) => {
      return function (program) {
        real.call(this, program);
        unlinked.delete(program);
        if (this.getFragDataLocation(program, 'result[1]') > 0) unlinked.add(program);
      };
    });
    instead('getProgramParameter', (real) => {
      return function (program, name) {
        return name === GL.LINK_STATUS && unlinked.has(program) ? false : real.call(this, program, name);
      };
    });
    instead('useProgram', (real) => {
      return function (program) {
        if (program && unlinked.has(program)) return refuse(this, GL.INVALID_OPERATION);
        real.call(this, program);
      };
    });
  }
  instead('drawArrays', (real) => {
    return function (mode, first, count) {
      const targets = targetsOf(this);
      if (isRefused(targets)) return refuse(this, GL.INVALID_FRAMEBUFFER_OPERATION);
      real.call(this, mode, first, count);
      if (!lies.floatsHoldZeros) return;
      targets.forEach((format, i) => {
        if (format === GL.RGBA32F) this.clearBufferfv(GL.COLOR, i, [0, 0, 0, 0]);
      });
    };
  });
}
