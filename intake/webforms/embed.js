// Puts a form of leadqual where this script stands. The browser's id, the page and where the visit came from go to the
// frame behind the # of its address, which no server sees until the form is sent.
(function (document, script) {
  var source = new URL(script.src), key = source.searchParams.get('form'), language = script.dataset.lang;
  var cookie = document.cookie.match(/(?:^|; )_lq=(\w+)\./), frame = document.createElement('iframe');
  var told = new URLSearchParams({ v: cookie ? cookie[1] : '', u: location.href, r: document.referrer });
  frame.src = source.origin + '/f/' + key + '?embed=1' + (language ? '&lang=' + language : '') + '#' + told;
  frame.title = script.dataset.title || (language == 'en' ? 'Form' : 'フォーム');
  frame.width = '100%';
  frame.height = '600';
  frame.setAttribute('frameborder', '0');
  frame.setAttribute('allow', '');
  window.addEventListener('message', function (event) {
    if (event.source != frame.contentWindow || event.origin != source.origin || !event.data) return;
    if (event.data.lqHeight > 0) frame.height = Math.ceil(event.data.lqHeight);
    if (event.data.lqSent) frame.dispatchEvent(new CustomEvent('lq:sent', { bubbles: true }));
  });
  script.parentNode.insertBefore(frame, script);
})(document, document.currentScript);
