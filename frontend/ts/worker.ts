// The service worker: it shows what the program pushes to the browser, and
// opens what a person taps. It keeps no pages and changes no requests.
// internal/platform/push writes the notes.
export {};

declare const self: ServiceWorkerGlobalScope;

interface Note {
  title: string;
  body: string;
  link: string;
  tag: string;
}

self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const note = event.data?.json() as Note | undefined;
  if (!note) return;
  // A note that comes twice has the same tag, and is shown once.
  event.waitUntil(self.registration.showNotification(note.title, { body: note.body, tag: note.tag, data: note.link, lang: "vi" }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(new URL(String(event.notification.data), self.location.origin)));
});

async function open(address: URL): Promise<void> {
  // Only pages of our own: the note came through others' hands.
  if (address.origin !== self.location.origin) return;
  for (const client of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    if ("navigate" in client) {
      await client.focus();
      await client.navigate(address.href);
      return;
    }
  }
  await self.clients.openWindow(address.href);
}
