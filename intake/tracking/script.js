// Tells leadqual what a visitor of this website does. Served by /t.js with the settings of the site in `config`:
// {site, url, consent: ask first, cookie: keep an id in a cookie}. Nothing is stored or sent before consent
// where the site asks for it: until then events wait in this page's memory.
(function (window, document, config) {
  var navigator = window.navigator, location = window.location;
  var COOKIE = '_lq', VISIT = 18e5; // a visit ends after 30 minutes without a sign
  var waiting = window.lq && window.lq.q || [], events = [];
  var stored = document.cookie.match(/(?:^|; )_lq=(\w+)\.(\w+)/);
  var allowed = !config.consent || !!(config.cookie && stored), refused, timer, page, since, seen = 0, isFirst = 1;

  function now() { return Date.now(); }
  function random() {
    return Array.from(crypto.getRandomValues(new Uint8Array(20)), function (byte) { return (byte % 36).toString(36); })
      .join('');
  }

  // The visitor's id in the cookie, with the instant of the last sign; '' where the site keeps none.
  function visitor() {
    if (!config.cookie) return '';
    if (!stored) stored = [0, random()];
    stored[2] = now().toString(36);
    cookie(stored[1] + '.' + stored[2], 34e6);
    return stored[1];
  }
  function cookie(value, seconds) {
    document.cookie = COOKIE + '=' + value + ';path=/;max-age=' + seconds + ';samesite=lax' +
      (location.protocol == 'https:' ? ';secure' : '');
  }

  function add(type, about) {
    if (refused) return;
    about.id = random();
    about.type = type;
    about.at = now();
    about.url = about.url || location.href;
    if (events.push(about) > 50) events.shift();
    timer = timer || setTimeout(send, 1e3);
  }
  function send() {
    clearTimeout(timer);
    timer = 0;
    if (!allowed || !events.length) return;
    var batch = events.splice(0, 20), body = JSON.stringify({
      site: config.site, visitor: visitor(), sent: now(), consent: !!config.consent, automated: navigator.webdriver,
      events: batch
    });
    if (!navigator.sendBeacon || !navigator.sendBeacon(config.url, body))
      fetch(config.url, {method: 'POST', body: body, keepalive: true, mode: 'no-cors', credentials: 'omit'})
        .catch(function () { events = batch.concat(events); timer = timer || setTimeout(send, 5e3); });
    else send();
  }

  // --- pages: also those that change their address without loading ---
  function view() {
    if (page == location.pathname + location.search) return;
    leave();
    var referrer = page ? '' : document.referrer, own = referrer.split('/')[2] == location.host;
    page = location.pathname + location.search;
    since = document.hidden ? 0 : now();
    add('page', {
      title: document.title, referrer: referrer,
      visit: !!isFirst && (/[?&](utm_\w+|\w*clid|[gw]braid)=/.test(location.search) ||
        (stored ? now() - parseInt(stored[2], 36) > VISIT || !!referrer && !own : config.cookie || !own))
    });
    isFirst = 0;
  }
  // Time counts while the page can be seen.
  function leave() {
    if (since) seen += now() - since;
    since = 0;
    if (page && seen > 999) add('dwell', {url: location.origin + page, seconds: Math.round(seen / 1e3)});
    seen = 0;
  }
  document.addEventListener('visibilitychange', function () {
    if (document.visibilityState == 'hidden') { leave(); send(); } else since = now();
  });
  window.addEventListener('pagehide', function () { leave(); send(); });
  window.addEventListener('popstate', view);
  ['pushState', 'replaceState'].forEach(function (name) {
    var original = history[name];
    history[name] = function () { original.apply(history, arguments); view(); };
  });

  // --- clicks and downloads ---
  document.addEventListener('click', function (event) {
    var link = event.target.closest && event.target.closest('a[href],[data-lq-click]');
    if (!link) return;
    var named = link.getAttribute('data-lq-click'), url = link.href;
    if (link.download || /\.(pdf|zip|docx?|xlsx?|pptx?|csv|mp4)$/i.test(link.pathname)) add('download', {url: url});
    else if (named || /^http/.test(url) && link.host != location.host) add('click', {url: url, name: named});
  }, true);

  // --- forms marked data-lq-form; of their fields only those marked data-lq ---
  document.addEventListener('submit', function (event) {
    var form = event.target, name = form.getAttribute('data-lq-form'), fields = {};
    if (name == null) return;
    form.querySelectorAll('[data-lq]').forEach(function (field) {
      if (field.type != 'password' && (field.checked || !/radio|checkbox/.test(field.type)))
        fields[field.getAttribute('data-lq')] = field.value;
    });
    add('form', {name: name, fields: fields});
    send();
  }, true);

  // --- what the page calls: lq('consent', true), lq('identify', {...}), lq('track', name, {...}), lq('page') ---
  var verbs = {
    consent: function (given) {
      allowed = given;
      refused = !given;
      if (given) return send();
      events = [];
      stored = 0;
      cookie('', 0);
    },
    identify: function (traits) { add('identify', {traits: traits}); },
    track: function (name, properties) { add('track', {name: name, properties: properties}); },
    page: function () { page = ''; view(); }
  };
  window.lq = function (verb) { if (verbs[verb]) verbs[verb].apply(0, [].slice.call(arguments, 1)); };
  if (document.prerendering) document.addEventListener('prerenderingchange', view); else view();
  waiting.forEach(function (call) { window.lq.apply(0, call); });
})(window, document, CONFIG);
