import { describe, expect, it } from 'vitest'
import { httpSource } from './source.ts'
import { faultOf, syntheticData } from './testing/synthetic.ts'

type Answer = () => Response | Promise<Response>

/** A server that gives the answers one after the other and notes what it was asked. */
function server(...answers: Answer[]) {
  const asked: { url: string; cache: RequestCache | undefined }[] = []
  const fetch = async (url: URL, init: RequestInit): Promise<Response> => {
    asked.push({ url: url.href, cache: init.cache })
    const answer = answers[Math.min(asked.length, answers.length) - 1]!
    return answer()
  }
  return { asked, fetch }
}

const bytes = new Uint8Array([1, 2, 3, 4])
const good: Answer = () => new Response(bytes)
const status =
  (code: number): Answer =>
  () =>
    new Response('no', { status: code })
const lost: Answer = () => Promise.reject(new TypeError('Failed to fetch'))
const page: Answer = () =>
  new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })
const broken: Answer = () =>
  new Response(
    new ReadableStream({
      start: (controller) => {
        controller.enqueue(bytes)
        controller.error(new TypeError('connection reset'))
      },
    }),
  )
const options = { retryDelays: [1, 1] }
const base = 'https://example.org/app/data'

describe('httpSource', () => {
  it('reads a shard from the folder, with or without a slash at its end', async () => {
    const { asked, fetch } = server(good)
    for (const folder of [base, `${base}/`])
      expect(await httpSource(folder, { fetch }).shard('a.shard')).toEqual(bytes)
    expect(asked.map(({ url }) => url)).toEqual(Array(2).fill(`${base}/a.shard`))
  })

  it('reads and checks the manifest', async () => {
    const { manifest } = await syntheticData(0)
    const { asked, fetch } = server(() => Response.json(manifest))
    expect(await httpSource(base, { fetch }).manifest()).toEqual(manifest)
    expect(asked).toEqual([{ url: `${base}/manifest.json`, cache: 'no-cache' }])
    const wrong = server(() => Response.json({ format: 7 }))
    expect((await faultOf(httpSource(base, wrong).manifest())).code).toBe('data-damaged')
  })

  it('passes by the browser’s cache when a fresh answer is wanted', async () => {
    const { asked, fetch } = server(good)
    await httpSource(base, { fetch }).shard('a.shard', { fresh: true })
    expect(asked[0]!.cache).toBe('reload')
  })

  it.each([
    ['a lost connection', lost],
    ['a body that breaks off', broken],
    ['a busy server', status(503)],
  ])('tries again after %s', async (_, failure) => {
    const { asked, fetch } = server(failure, failure, good)
    expect(await httpSource(base, { ...options, fetch }).shard('a.shard')).toEqual(bytes)
    expect(asked).toHaveLength(3)
  })

  it('gives up after the last try', async () => {
    const { asked, fetch } = server(lost)
    const fault = await faultOf(httpSource(base, { ...options, fetch }).shard('a.shard'))
    expect(fault.code).toBe('data-missing')
    expect(fault.todo).toMatch(/cifar-10-binary\.tar\.gz.*npm run data/)
    expect(fault.detail).toContain('Failed to fetch')
    expect(asked).toHaveLength(3)
  })

  it.each([
    ['404', status(404), 'status 404'],
    ['the page of the app instead', page, 'web page'],
  ])('takes %s for missing at once', async (_, answer, detail) => {
    const { asked, fetch } = server(answer)
    const fault = await faultOf(httpSource(base, { ...options, fetch }).manifest())
    expect(fault.code).toBe('data-missing')
    expect(fault.detail).toContain(detail)
    expect(asked).toHaveLength(1)
  })

  it('gives up a try in which nothing arrives', async () => {
    const silent = (_: URL, { signal }: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason as Error))
      })
    const source = httpSource(base, { fetch: silent, retryDelays: [], stallTime: 5 })
    expect((await faultOf(source.shard('a.shard'))).detail).toContain('nothing arrived')
  })

  it('ends with the reason of an abort, also between two tries', async () => {
    const reason = new Error('the person left')
    const controller = new AbortController()
    const { asked, fetch } = server(() => {
      setTimeout(() => controller.abort(reason))
      return lost()
    })
    const source = httpSource(base, { fetch, retryDelays: [60_000] })
    await expect(source.shard('a.shard', { signal: controller.signal })).rejects.toBe(reason)
    expect(asked).toHaveLength(1)
  })
})
