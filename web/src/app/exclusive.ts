/**
 * Does work while no other tab does work of that name. Plain http knows no locks: there each tab
 * does its own, and the server has to bear it.
 */
export function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request(name, work) : work();
}
