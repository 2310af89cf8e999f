// Follows a job: the server sends the changing part of the page as HTML, made by the same code as the page itself.
const main = document.querySelector('main');
const view = document.querySelector('#view');
const status = document.querySelector('[role=status]');

function tick() {
  for (const time of document.querySelectorAll('time[data-since]')) {
    const seconds = Math.max(0, Math.floor(Date.now() / 1000 - Number(time.dataset.since)));
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  }
}

const clock = setInterval(tick, 1000);
const events = new EventSource(main.dataset.events);
// After an answer that is no stream (a proxy's 502 during a restart, say) the browser does not try again by itself.
events.addEventListener('error', () => {
  if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
});
events.addEventListener('view', ({ data }) => {
  const { html, title, ended } = JSON.parse(data);
  view.innerHTML = html;
  tick();
  // Read out when something has changed, and not with every per cent.
  if (document.title !== title) status.textContent = title;
  document.title = title;
  if (!ended) return;
  events.close();
  clearInterval(clock);
});
