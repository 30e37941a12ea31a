// The module that Emscripten makes of src/wasm. engine_calls.js alone calls the exported functions, and session.js alone moves
// numbers through the heap.

/** src/wasm/exports.cpp has what they do. Text goes in through the room that _fragnet_text() makes for it. */
export interface Exports {
  _fragnet_new(): number;
  _fragnet_delete(instance: number): void;
  _fragnet_text(instance: number, bytes: number): number;
  _fragnet_answer_bytes(instance: number): number;
  _fragnet_probe(instance: number, contextHandle: number, isPhone: number): number;
  _fragnet_open(instance: number, contextHandle: number): number;
  _fragnet_read_json(instance: number): number;
  _fragnet_begin_load(instance: number): number;
  _fragnet_shard_buffer(instance: number, group: number, bytes: number): number;
  _fragnet_finish_weights(instance: number): number;
  _fragnet_go_on_loading(instance: number): number;
  _fragnet_refine(instance: number): number;
  _fragnet_cancel_load(instance: number): void;
  _fragnet_configure(instance: number): number;
  _fragnet_draw(instance: number, width: number, height: number, isSaid: boolean, change: number): number;
  _fragnet_draw_into(instance: number, framebuffer: number, width: number, height: number): void;
  _fragnet_last_error(instance: number): number;
  _fragnet_input_buffer(instance: number, index: number): number;
  _fragnet_hold_input(instance: number, index: number): number;
  _fragnet_predict(instance: number): number;
  _fragnet_stats(instance: number): number;
  _fragnet_timings(instance: number): number;
  _fragnet_heap_bytes(): number;
}

export interface EngineModule extends Exports {
  HEAPU8: Uint8Array;
  HEAPF32: Float32Array;
  GL: {
    registerContext(context: WebGL2RenderingContext, attributes: Record<string, number>): number;
    deleteContext(handle: number): void;
    framebuffers: (WebGLFramebuffer | null)[];
    getNewId(table: unknown[]): number;
  };
  /** What _fragnet_draw() uploads. */
  frame?: unknown;
}

export default function createFragnetEngine(options: {
  instantiateWasm(imports: WebAssembly.Imports, use: (instance: WebAssembly.Instance) => void): object;
}): Promise<EngineModule>;
