// How a page under test gets its libraries and their files.

/**
 * A classic script, loaded into the page.
 * @param {string} url
 * @returns {Promise<void>}
 */
export function loadScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${url} is not there: run npm ci in the folder that holds it`));
    document.head.append(script);
  });
}

/**
 * fetch() for TensorFlow.js, which reads no file before all have begun to arrive; with more files than connections and
 * nothing cached, none would ever end. So each is fetched whole.
 * @param {string} url
 * @param {RequestInit} [options]
 */
export async function fetchWhole(url, options) {
  const response = await fetch(url, options);
  return new Response(await response.arrayBuffer(), response);
}
