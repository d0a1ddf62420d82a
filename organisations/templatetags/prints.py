"""Parts of a page that are kept for the next visitor who asks the same."""

from django import template

register = template.Library()


@register.tag
def once(parser, token):
    """Draws what stands up to ``endonce``, unless ``parts`` has it by this name (see ``organisations/prints.py``).

    Without ``parts`` nothing is kept.
    """
    _tag, name = token.split_contents()
    nodes = parser.parse(["endonce"])
    parser.delete_first_token()
    return Once(name, nodes)


class Once(template.Node):
    def __init__(self, name, nodelist):
        self.name, self.nodelist = name, nodelist

    def render(self, context):
        parts = context.get("parts", {})
        if self.name not in parts:
            parts[self.name] = self.nodelist.render(context)
        return parts[self.name]
