// Play, pause and step: when a frame goes through the network. At most as many as the GPU keeps up with, none while the
// tab is hidden, and one whenever a setting changes on a frame that stands still.

/**
 * @param {object} hooks
 * @param {() => boolean} hooks.draw draws the source's frame, false where there was nothing to draw
 * @param {() => boolean} hooks.busy true while the GPU is behind
 * @param {(error: unknown) => void} hooks.onError the loop has stopped
 * @param {(playing: boolean) => void} hooks.onChange
 */
export function createLoop({ draw, busy, onError, onChange }) {
  /** @type {import('./sources.js').Source | null} */
  let source = null;
  let playing = false;
  let stale = true;
  /** @type {(() => void) | null} takes back what was scheduled */
  let cancel = null;

  function schedule() {
    cancel?.();
    cancel = null;
    if (!source || document.hidden || !(stale || (playing && !source.still))) return;
    const element = source.element;
    // A video says when it has a new picture; but what is stale cannot wait for one that may never come.
    if (!stale && element instanceof HTMLVideoElement && 'requestVideoFrameCallback' in element) {
      const ticket = element.requestVideoFrameCallback(turn);
      cancel = () => element.cancelVideoFrameCallback(ticket);
    } else {
      const ticket = requestAnimationFrame(turn);
      cancel = () => cancelAnimationFrame(ticket);
    }
  }

  /** @param {number} now */
  function turn(now) {
    cancel = null;
    try {
      if (busy()) {
        // This frame is left out; what is still to be shown is tried again with the next.
      } else {
        if (playing) source?.advance?.(now);
        if (draw()) stale = false;
      }
    } catch (error) {
      stop(error);
      return;
    }
    schedule();
  }

  /** @param {unknown} error */
  function stop(error) {
    stale = false;
    set(false);
    onError(error);
  }

  /** @param {boolean} value */
  function set(value) {
    playing = value;
    if (value) source?.play();
    else source?.pause();
    onChange(playing);
    schedule();
  }

  document.addEventListener('visibilitychange', () => {
    if (playing && source?.kind === 'video') document.hidden ? source.pause() : source.play();
    schedule();
  });

  return {
    get playing() {
      return playing;
    },
    play: () => set(true),
    pause: () => set(false),
    toggle: () => set(!playing),

    /** Goes one frame on, and stands still there. */
    async step() {
      if (playing) set(false);
      await source?.step();
      stale = true;
      schedule();
    },

    /** The frame that stands still is drawn again: a setting or the network has changed. */
    redraw() {
      stale = true;
      schedule();
    },

    /** @param {import('./sources.js').Source | null} next the earlier one is closed */
    setSource(next) {
      source?.close();
      source = next;
      stale = true;
      if (playing) source?.play();
      else source?.pause();
      schedule();
    },
  };
}
