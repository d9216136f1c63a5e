/* Handoff Studio, customer widget. One tag on the page is all a shop needs:
 *
 *   <script src="https://studio.example/static/widget/handoff-widget.js"
 *           data-token="CONNECTOR_TOKEN" data-title="Fernhill help" data-accent="#24443a" async></script>
 *
 * or, without data-token, from a script of the page: HandoffStudio.init({token, onHandoff, …}).
 * app.js documents the options. The rest is loaded as ES modules from beside this file, so a host policy needs
 * our origin in script-src, connect-src (https and wss) and, for pictures sent in the chat, img-src; no more.
 */
(() => {
  const script = document.currentScript;
  const home = new URL(".", script.src);

  const init = async (options) => {
    const { startWidget } = await import(new URL("app.js", home).href);
    return startWidget({ baseUrl: home.origin, ...options });
  };

  // data-base-url becomes baseUrl, and so on: the names of init()'s options.
  const fromTag = { ...script.dataset };
  const ready = fromTag.token ? init(fromTag) : null;
  window.HandoffStudio = Object.freeze({ init, ready });
})();
