from insights.actions.loading import DemoError, run_demo_step, start_demo
from insights.actions.removing import remove_demo

__all__ = ["DemoError", "remove_demo", "run_demo_step", "start_demo"]
