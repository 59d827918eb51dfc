import { useSyncExternalStore } from 'react'

/** A choice of this browser. Only display choices: never a number, a secret or an answer of the API. */
export class Stored<T extends string> {
  private readonly listeners = new Set<() => void>()
  private value: T

  constructor(
    private readonly name: string,
    fallback: T,
    private readonly allowed?: readonly T[],
  ) {
    const kept = localStorage.getItem(`maskline.${name}`) as T | null
    this.value = kept !== null && (!allowed || allowed.includes(kept)) ? kept : fallback
  }

  get = (): T => this.value

  get isChosen(): boolean {
    return localStorage.getItem(`maskline.${this.name}`) !== null
  }

  set = (value: T): void => {
    if (this.allowed && !this.allowed.includes(value)) return
    this.value = value
    localStorage.setItem(`maskline.${this.name}`, value)
    for (const listener of this.listeners) listener()
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}

export function useStored<T extends string>(stored: Stored<T>): [T, (value: T) => void] {
  return [useSyncExternalStore(stored.subscribe, stored.get), stored.set]
}
