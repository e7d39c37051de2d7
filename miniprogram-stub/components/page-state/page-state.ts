/** Stands in for a page's content while it loads, when it failed, and when there is nothing to show. */
Component({
  properties: {
    /** `loading`, `ready` or `failed`. */
    phase: String,
    failure: String,
    empty: Boolean,
    emptyWords: { type: String, value: '这里还没有内容' },
  },
  methods: {
    retry() {
      this.triggerEvent('retry')
    },
  },
})
