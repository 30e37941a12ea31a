// The words of the public API, for editors and for TypeScript. Types alone: nobody imports this file at run time.

/**
 * @typedef {string | URL | FileList | readonly File[] | import('./model_source.js').ModelParts} Model
 *   the URL of a model.json; a folder, several files or one zip; or the parts themselves
 * @typedef {HTMLVideoElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | ImageData | HTMLImageElement | VideoFrame} Frame
 * @typedef {[number, number]} Range the numbers that are black and white
 */

/**
 * @typedef {{ precision?: 'auto' | 'fp32' | 'fp16' | 'rgba8', tune?: 'auto' | 'off' | 'full',
 *             wasm?: string | URL | Response | WebAssembly.Module, shared?: boolean }} CreateOptions
 *   precision: of the feature maps, floats of 32 or of 16 bits, or codes of 8 bits in ranges that are learned while a model is
 *   loaded; 'auto' takes the first of the three that the device can do, 'rgba8' they all can. wasm: where fragnet.wasm is, or
 *   what came from there; left out, it lies beside fragnet.js. shared: others draw on the canvas with this
 *   context, such as three.js: Fragnet leaves it as it finds it, and its picture goes into net.texture
 */

/**
 * @typedef {{ height: number, width: number, channels: number, layout: 'nhwc' | 'nchw' | 'hw' | 'vector', range: Range,
 *   kind: 'colour' | 'grey' | 'mask' | 'classes' | 'subpixel' | 'lines' | 'residual' | 'features' | 'vector' | 'map',
 *   factor: number, guessed: boolean, why: string }} PortPicture
 *   what an input or output is to people, and how that was found; factor: of subpixel, how many times as large it is shown
 * @typedef {{ name: string, shape: number[], dtype: string, picture: PortPicture | null, fill?: string }} Port
 *   fill: what an input holds that nobody sets
 * @typedef {Float32Array | number | { seed: number } | Frame | null} InputValue
 * @typedef {{ name: string, kind: string, op: string, shape: number[], parameters: number, macs: number }} Layer
 *   of the model's file; op is the kind, too
 * @typedef {{ name: string, op: string, shape: number[], parameters: number, macs: number, layers: number[] }} Step
 *   what runs; layers: the numbers of the layers whose work it does
 * @typedef {{ format: string, name: string, inputs: Port[], outputs: Port[], frameInput: number, shownOutput: number,
 *             grain: number, parameters: number, weightBytes: number, layers: Layer[], steps: Step[],
 *             warnings: string[] }} ModelInfo
 *   frameInput: which input frames go into, -1 where none is a picture; shownOutput: which output is shown by itself;
 *   grain: what the network was trained with
 *   warnings are sentences: what the file left open or got wrong, and what was taken for it
 */

/**
 * @typedef {{ phase: 'download' | 'decode' | 'compile' | 'tune', loaded: number, total: number }} Progress
 *   loaded and total are bytes while downloading and decoding, programs while compiling; total is Infinity until it is known
 * @typedef {Omit<RequestInit, 'signal' | 'method' | 'body' | 'window'>} FetchOptions
 * @typedef {{ inputShapes?: Record<string, number[]>, onProgress?: (progress: Progress) => void, signal?: AbortSignal,
 *             fetch?: FetchOptions }} LoadOptions
 *   fetch: how the files of an address are asked for, such as { headers, credentials }
 */

/**
 * @typedef {{ type?: 'none' | 'classic' | 'paper', brightness?: number, contrast?: number, grain?: number,
 *             range?: 'auto' | Range }} Augmentation
 *   brightness is added (-1 to 1, default 0), contrast multiplies around middle grey (default 1), grain is how much of a noise
 *   that stands still is added (0 to 1, default: info.grain with classic and paper); range is inputRange and outputRange in one
 * @typedef {'auto' | 'picture' | 'mask' | 'overlay' | 'cutout' | 'classes' | 'subpixel' | 'channel'} Show
 * @typedef {{ augmentation?: 'none' | 'classic' | 'paper' | Augmentation, mirror?: boolean, view?: 'output' | 'input' | 'both',
 *             inputRange?: 'auto' | Range, outputRange?: 'auto' | Range, output?: string | number, channel?: number,
 *             show?: Show, invert?: boolean, skip?: 'auto' | 'never' }} DrawOptions
 *   'auto' is what info.inputs[i].picture and info.outputs[i].picture say; output is its name or number, channel one of its
 *   channels; show is how it is shown, invert exchanges dark and bright; skip 'never' draws a frame even where the device is
 *   behind
 */

/**
 * @typedef {{ frames: number, cpuMs: number, gpuMs: number | null, drawCalls: number, programs: number, textureBytes: number,
 *             weightBytes: number, precision: string, targets: number, reason: string, renderer: string }} Stats
 *   targets: how many textures one draw writes to; reason: why it is not a higher precision or more of them, '' for none
 * @typedef {{ step: number, name: string, gpuMs: number | null, cpuMs: number, macs: number }} Timing
 * @typedef {{ webgl2: boolean, renderer: string, floatTargets: boolean, halfTargets: boolean, tier: string,
 *             targets: number, reason: string }} Probe
 */

export {};
