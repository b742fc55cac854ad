// Photographs that wait for a connection, in a small database of the browser.

const NAME = "earnest-photographs";
const STORE = "waiting";

function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function run(mode, act) {
  const database = await open();
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(asked.result);
      transaction.onerror = () => failed(transaction.error);
      transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const add = (photo) => run("readwrite", (store) => store.add(photo));
export const replace = (photo) => run("readwrite", (store) => store.put(photo));
export const remove = (id) => run("readwrite", (store) => store.delete(id));
export const all = () => run("readonly", (store) => store.getAll());
